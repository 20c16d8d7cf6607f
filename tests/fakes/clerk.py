"""A clerk who knows one procedure by heart, with every form that an answer can take.

The facts are those of a made-up record: they are there to be drawn, not to be right.
"""

from bot.conversation.contracts import Button, Reply

CASES = {
    "/case_home": "Sinh tại Việt Nam",
    "/case_abroad": "Sinh ở nước ngoài, nay về cư trú tại Việt Nam",
}

SOURCE = {
    "name": "Cổng Dịch vụ công quốc gia",
    "code": "1.001193",
    "date": "cập nhật 15/10/2026",
    "url": "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc-hanh-chinh.html",
}

OVERVIEW = Reply(
    text="Đăng ký khai sinh: Ủy ban nhân dân cấp xã, ngay trong ngày, không mất lệ phí.",
    buttons=(
        Button("Giấy tờ cần có", '/ask_procedure{"aspect": "documents"}'),
        Button("Lệ phí", '/ask_procedure{"aspect": "fee"}'),
        Button("Nộp ở đâu", '/ask_procedure{"aspect": "place"}'),
        Button("Mất bao lâu", '/ask_procedure{"aspect": "duration"}'),
        Button("Nộp qua mạng", '/ask_procedure{"aspect": "online"}'),
        Button("Các bước", '/ask_procedure{"aspect": "steps"}'),
    ),
    custom={
        "procedure_codes": ["1.001193"],
        "card": {
            "heading": "Đăng ký khai sinh",
            "lead": "Dành cho trẻ chưa có giấy khai sinh.",
            "facts": [
                ["Nơi giải quyết", "Ủy ban nhân dân cấp xã nơi cha hoặc mẹ cư trú"],
                ["Thời hạn", "Ngay trong ngày làm việc"],
                ["Lệ phí", "Không mất tiền nếu đăng ký đúng hạn (60 ngày)"],
                ["Cách nộp", "Trực tiếp, qua mạng hoặc qua bưu điện"],
            ],
            "paragraphs": [
                "Đăng ký muộn hơn 60 ngày thì hỏi lại mức lệ phí tại nơi nộp: "
                "hồ sơ không ghi mức này.",
            ],
            "source": SOURCE,
        },
    },
)

DOCUMENTS = Reply(
    text="Cần tờ khai và giấy chứng sinh.",
    buttons=tuple(Button(title, payload) for payload, title in CASES.items()),
    custom={
        "card": {
            "heading": "Giấy tờ để đăng ký khai sinh",
            "sections": [
                {
                    "heading": "Phải nộp",
                    "items": [
                        "Tờ khai đăng ký khai sinh: 1 bản chính",
                        "Giấy chứng sinh: 1 bản chính. Không có thì nộp văn bản của người "
                        "làm chứng xác nhận việc sinh",
                    ],
                },
                {
                    "heading": "Xuất trình",
                    "items": ["Căn cước hoặc hộ chiếu của người đi đăng ký"],
                },
            ],
            "source": SOURCE,
        },
    },
)

FEE = Reply(text="Đăng ký đúng hạn: không mất lệ phí. Xem tại https://dichvucong.gov.vn.")

UNKNOWN = Reply(text="Tôi chưa tìm thấy thủ tục nào khớp với câu này. Bạn nói rõ hơn giúp nhé.")


def clerk(text: str) -> list[Reply]:
    """Answer about birth registration (đăng ký khai sinh), or say honestly that it is unknown."""
    if '"documents"' in text:
        return [DOCUMENTS]
    if '"fee"' in text or "le phi" in text:
        return [FEE]
    if text in CASES:
        return [Reply(text=f"{CASES[text]}: nộp tại Ủy ban nhân dân cấp xã.")]
    if "khai sinh" in text:
        return [OVERVIEW]
    return [UNKNOWN]
