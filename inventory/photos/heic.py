"""HEIC: read only where the extra of requirements-heic.txt is installed; imported in this one place. Pure."""

from importlib import import_module

FORMATS: tuple[str, ...] = ()

try:
    # The name is asked for at run time: without the extra nothing else of the service changes.
    import_module("pi_heif").register_heif_opener()
except ImportError:
    pass
else:
    FORMATS = ("HEIF",)

READS = bool(FORMATS)
