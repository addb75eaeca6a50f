"""Rules of the review: who may decide what. Pure."""

from dataclasses import dataclass

from inventory.outcomes import Problem
from inventory.vocabulary import ReturnReason, ReviewState

SHORTEST_WORD = 5


#: Where the person will find what is asked for.
FIELD_OF = {
    ReturnReason.PHOTO_BLURRED: "photo",
    ReturnReason.NO_PHOTO: "photo",
    ReturnReason.WRONG_TEXT: "slogan_id",
    ReturnReason.WRONG_POSITION: "lat",
    ReturnReason.WRONG_COUNT: "quantity",
    ReturnReason.WRONG_CONDITION: "condition",
    ReturnReason.WRONG_KIND: "kind_code",
    ReturnReason.TWICE: "quantity",
    ReturnReason.OTHER: "note",
}


@dataclass(frozen=True)
class UnderReview:
    """What is known when somebody decides: the state, and who wrote since it was last verified.

    `returns` counts earlier returns in the campaign, `photos` the pictures of this campaign.
    """

    state: ReviewState
    writers: frozenset[int]
    returns: int
    photos: int = 0


def refusal_to_verify(item: UnderReview, person_id: int) -> Problem | None:
    """Why this person may not verify this now, or None."""
    if item.state is ReviewState.VERIFIED:
        return Problem("already_verified", "Mục này đã được xác minh.")
    if item.state is not ReviewState.SUBMITTED:
        return Problem("not_submitted", "Mục này đang chờ phường, xã bổ sung.")
    if person_id in item.writers:
        return Problem("own_work", "Không ai tự xác minh phần mình đã ghi; cần một người khác.")
    return None


def refusal_to_return(item: UnderReview, person_id: int, reason: str, text: str) -> Problem | None:
    """Why this may not be returned with this reason, or None.

    A second return needs words and a photo: the person asked the first time did not understand the chip
    alone, and without a picture two people argue about a thing that one of them has not seen. Where there
    is none, a photo is what to ask for.
    """
    if item.state is ReviewState.RETURNED:
        return Problem("already_returned", "Mục này đã được trả lại.")
    if item.state is ReviewState.DRAFT:
        return Problem("not_submitted", "Mục này chưa được gửi.")
    if person_id in item.writers:
        return Problem("own_work", "Không ai tự kiểm tra phần mình đã ghi; cần một người khác.")
    if reason not in set(ReturnReason):
        return Problem("reason", "Chọn một lý do.", "reason")
    if (reason == ReturnReason.OTHER or item.returns > 0) and len(text) < SHORTEST_WORD:
        return Problem("reason_text", "Viết rõ cần bổ sung gì.", "text")
    if item.returns > 0 and item.photos == 0 and reason != ReturnReason.NO_PHOTO:
        return Problem(
            "reason_photo", "Đã trả lại một lần mà chưa có ảnh: trước hết hãy đề nghị chụp ảnh.", "reason"
        )
    return None
