"""QR codes as SVG pictures: text in, bytes out. Pure."""

from io import BytesIO

import segno

#: White squares round the code that readers need (ISO/IEC 18004).
QUIET = 4


def picture(text: str) -> bytes:
    """A QR code of a text; level M, so that a scratch or a reflection does not matter.

    Always dark on white, whatever colours the page has: readers expect that. Raises ValueError when the
    text is too long for a code.
    """
    stream = BytesIO()
    try:
        code = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError as error:
        raise ValueError(str(error)) from None
    code.save(stream, kind="svg", scale=4, border=QUIET, dark="#000", light="#fff", xmldecl=False)
    return stream.getvalue()
