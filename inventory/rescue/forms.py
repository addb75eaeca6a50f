"""Forms of the import: a file to look at, and the word to take it in."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from inventory.fields import Form


class UploadForm(Form):
    """A rescue file."""

    file = FileField(_l("Tệp cứu hộ"), [FileRequired(_l("Hãy chọn một tệp."))])


class ImportForm(Form):
    """The button: the same file again is the same entries, so it needs no entry of its own."""
