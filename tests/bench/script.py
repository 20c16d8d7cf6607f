"""What the citizens of the benchmark say: scenes of a few messages, the way people write."""

from collections.abc import Iterator, Sequence

SCENES: tuple[tuple[str, ...], ...] = (
    (
        "chào bạn",
        "làm giấy khai sinh cần gì",
        "thế lệ phí bao nhiêu",
        "bao lâu thì có kết quả",
        "nộp ở đâu vậy ạ",
        "cảm ơn nhé",
    ),
    (
        "doi bang lai xe het han can giay to gi",
        "phi het bao nhieu",
        "lam online dc ko",
        '/ask_procedure{"procedure_code": "1.001193", "aspect": "documents"}',
        '/ask_procedure{"procedure_code": "1.001193", "aspect": "fee,duration"}',
    ),
    (
        "alo",
        "thời tiết hôm nay thế nào",
        "/help",
        "/ask_rights",
        "họ bắt tôi phải có VNeID mới cho nộp thì có đúng không",
        "ok",
    ),
    (
        "muốn đăng ký kết hôn với người nước ngoài cần giấy tờ gì",
        "1",
        "trình tự từng bước ra sao",
        "căn cứ pháp lý nào",
        "thôi không cần nữa",
    ),
    (
        "mat can cuoc roi gio lam sao",
        "mẫu đơn ở đâu",
        "cho mình hỏi thủ tục đăng ký tạm trú",
        "thời gian giải quyết bao lâu và lệ phí bao nhiêu",
        "tạm biệt",
    ),
    (
        "hồ sơ của tôi nộp hai tuần rồi chưa thấy gì",
        "cán bộ ở phường đòi thêm tiền ngoài quy định",
        "cho tôi gặp người thật đi",
        "asdfgh qwerty",
        "đất chưa có sổ đỏ thì xin cấp lần đầu thế nào",
        "cần những giấy tờ gì",
    ),
)

TURNS = sum(map(len, SCENES))
"""Messages of one whole conversation."""


def conversation(number: int, scenes: Sequence[Sequence[str]] = SCENES) -> Iterator[str]:
    """All messages of one conversation.

    Each begins with another scene, so that those that run side by side do not ask the same thing
    at the same time.
    """
    start = number % len(scenes)
    for scene in (*scenes[start:], *scenes[:start]):
        yield from scene
