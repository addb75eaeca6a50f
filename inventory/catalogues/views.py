"""The blueprint of catalogues; its pages are mounted from the files of standards, kinds and slogans."""

from flask import Blueprint

from inventory.catalogues import draft_pages, kind_pages, requirement_pages, slogan_pages, standard_pages

blueprint = Blueprint("catalogues", __name__)
for pages in (standard_pages, draft_pages, requirement_pages, kind_pages, slogan_pages):
    pages.mount(blueprint)
