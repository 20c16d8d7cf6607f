"""Every word that a citizen reads on the page, apart from what the assistant says.

`PAGE` is for the templates, `SCRIPT` travels to the page's script, `NOTICES` says a refusal
(by its code) to somebody without the script, `PRIVACY` is the page on privacy; how many days things
are kept is put into it.
"""

from typing import Final

from bot.feedback.wording import NOT_TAKEN

# What keeps a file from being taken, by the code of the refusal.
FILES: Final = {f"file_{problem.name.lower()}": words for problem, words in NOT_TAKEN.items()} | {
    "file_count": "Mỗi tin gửi kèm được nhiều nhất 5 ảnh hoặc tệp.",
    "file_busy": "Đang có nhiều người gửi ảnh. Bạn đợi một lát rồi thử lại giúp nhé.",
    "file_gone": "Ảnh gửi đã lâu nên không còn nữa. Bạn chọn lại ảnh rồi gửi giúp nhé.",
}

PAGE: Final = {
    "name": "Dân Hỏi",
    "tagline": "Hỏi đáp thủ tục hành chính",
    "describe": (
        "Hỏi cách làm thủ tục hành chính bằng lời thường ngày: giấy tờ cần có, lệ phí, "
        "thời hạn, nơi nộp."
    ),
    "skip": "Đến ô viết câu hỏi",
    "about": "Tôi giúp được gì?",
    "abilities": (
        "Cho biết một thủ tục cần giấy tờ gì, lệ phí bao nhiêu, mất bao lâu, nộp ở đâu.",
        "Hướng dẫn từng bước, nộp trực tiếp hay qua mạng.",
        "Nói rõ nguồn và ngày của thông tin; điều gì hồ sơ chính thức không ghi, "
        "tôi nói là không ghi.",
    ),
    "spelling": "Bạn viết có dấu hay không dấu, viết tắt đều được.",
    "hotline": "Gọi",
    "hotline_long": "Gọi tổng đài",
    "checked_on": "số được kiểm tra ngày",
    "new": "Bắt đầu cuộc trò chuyện mới",
    "new_hint": "Dùng chung máy? Bắt đầu lại để người sau không đọc được câu hỏi của bạn.",
    "log": "Cuộc trò chuyện",
    "welcome": "Chào bạn, bạn cần làm thủ tục gì?",
    "welcome_more": "Hãy viết câu hỏi vào ô bên dưới. Câu trả lời sẽ hiện ở đây. Ví dụ:",
    "examples": (
        "Làm giấy khai sinh cho con cần gì?",
        "Mất căn cước thì làm lại ở đâu?",
        "Đăng ký tạm trú mất bao lâu?",
        "Đổi giấy phép lái xe hết bao nhiêu tiền?",
    ),
    "older": "Xem tin nhắn cũ hơn",
    "latest": "Về tin nhắn mới nhất",
    "citizen": "Bạn",
    "bot": "Dân Hỏi",
    "source": "Nguồn",
    "received": "Đã nhận",
    "image": "Hình kèm theo",
    "open_image": "Mở hình",
    "attachment": "Ảnh hoặc tệp bạn gửi",
    "attach": "Thêm ảnh hoặc tệp PDF",
    "tray": "Ảnh và tệp gửi kèm",
    "write": "Viết câu hỏi của bạn",
    "send": "Gửi",
    "privacy_line": "Xin đừng gửi số căn cước, mật khẩu hay mã OTP.",
    "privacy": "Quyền riêng tư",
    "noscript": (
        "Trình duyệt của bạn không chạy JavaScript. Bạn vẫn hỏi đáp được; "
        "nếu chưa thấy câu trả lời, hãy tải lại trang."
    ),
    "back": "Quay lại trò chuyện",
    "outcomes": "Kết quả xử lý phản ánh đã công khai",
}

OUTCOMES: Final = {
    "title": "Kết quả xử lý phản ánh",
    "lead": (
        "Người dân đã phản ánh điều gì và việc đã được giải quyết ra sao. "
        "Tên người, số điện thoại và địa chỉ đã được bỏ; chỗ đó ghi ⟨…⟩."
    ),
    "province": "Tỉnh, thành phố",
    "commune": "Xã, phường, đặc khu",
    "category": "Loại phản ánh",
    "month": "Tháng trả lời",
    "all": "Tất cả",
    "filter": "Xem",
    "matter": "Phản ánh",
    "outcome": "Kết quả",
    "answered": "trả lời tháng {month}",
    "nowhere": "Không nêu nơi xảy ra",
    "empty": (
        "Chưa có kết quả nào ở đây. Khi một phản ánh được trả lời và công khai, "
        "kết quả sẽ hiện ở trang này."
    ),
    "gone": "Kết quả này không còn được công khai, hoặc địa chỉ đã gõ nhầm.",
    "older": "Xem kết quả cũ hơn",
    "all_outcomes": "Xem mọi kết quả",
    "feed": "Theo dõi bằng Atom",
}

SCRIPT: Final = {
    "sending": "Đang gửi…",
    "received": PAGE["received"],
    "failed": "Chưa gửi được. Bấm để gửi lại",
    "failed_said": "Tin nhắn chưa gửi được. Nội dung vẫn còn, bạn bấm vào tin để gửi lại.",
    "typing": "Đang tìm câu trả lời…",
    "slow": "Câu trả lời đến chậm hơn thường lệ. Tin nhắn của bạn đã được lưu.",
    "lost": "Mất kết nối, đang nối lại… Bạn cứ viết tiếp; những tin đã nhận không mất.",
    "offline": "Máy của bạn đang không có mạng. Những gì bạn viết vẫn được giữ lại.",
    "back_online": "Đã nối lại.",
    "cookies": (
        "Trình duyệt đang chặn cookie nên trang không giữ được cuộc trò chuyện. "
        "Hãy cho phép cookie của trang này rồi tải lại."
    ),
    "too_fast": "Bạn gửi hơi nhanh. Đợi một lát rồi bấm vào tin để gửi lại.",
    "too_large": "Tin nhắn dài quá. Bạn rút gọn hoặc chia thành vài tin giúp nhé.",
    "attachment": PAGE["attachment"],
    "uploading": "Đang tải lên",
    "uploaded": "Đã tải lên",
    "upload_failed": "Chưa tải lên được.",
    "upload_again": "Thử lại",
    "upload_later": "Chưa có mạng. Ảnh sẽ tự tải lên khi có mạng lại.",
    "remove": "Bỏ",
    "removed": "Đã bỏ",
    "upload_or_remove": "Có ảnh chưa tải lên được. Bạn bấm “Thử lại” hoặc “Bỏ” rồi gửi nhé.",
    "upload_first": "Đang tải ảnh lên. Tin của bạn sẽ gửi ngay khi ảnh tải xong.",
    **FILES,
    "confirm_new": (
        "Bắt đầu cuộc trò chuyện mới? Những tin nhắn cũ sẽ không hiện lại trên máy này nữa."
    ),
    "new_answer": "Có câu trả lời mới",
    "citizen": PAGE["citizen"],
    "bot": PAGE["bot"],
    "source": PAGE["source"],
    "image": PAGE["image"],
    "open_image": PAGE["open_image"],
}

NOTICES: Final = {
    "too_fast": "Bạn gửi hơi nhanh. Đợi một lát rồi bấm “Gửi” lần nữa; câu bạn viết vẫn còn.",
    "too_large": "Tin nhắn dài quá nên chưa được gửi. Bạn chia thành vài tin giúp nhé.",
    "storage_down": (
        "Hệ thống đang bận nên chưa nhận được câu này. "
        "Câu bạn viết vẫn còn ở dưới; đợi một lát rồi bấm “Gửi” lần nữa."
    ),
    **FILES,
    "other": "Trang chưa nhận được câu này. Bạn thử gửi lại giúp nhé.",
}

PRIVACY: Final = {
    "title": "Quyền riêng tư",
    "lead": "Trang này chỉ giữ những gì cần để trả lời bạn.",
    "parts": (
        (
            "Trang giữ những gì",
            (
                "Những câu bạn viết và những câu trả lời, kèm thời điểm; tự xóa sau {history_days} "
                "ngày.",
                "Một cookie để nhận ra cuộc trò chuyện của bạn khi bạn mở lại trang. "
                "Cookie này không chứa tên hay thông tin về bạn.",
                "Câu đang viết dở và tin chưa gửi được, chỉ nằm trên máy của bạn.",
            ),
        ),
        (
            "Khi bạn gửi phản ánh",
            (
                "Phản ánh giữ lời kể, nơi và lúc xảy ra, ảnh và tệp bạn gửi, cùng họ tên và "
                "liên hệ nếu bạn cho biết. Vị trí và thông tin máy ghi trong ảnh bị xóa khi nhận; "
                "tệp PDF giữ nguyên. Ảnh chưa gắn với phản ánh nào tự xóa sau một ngày.",
                "Cán bộ phụ trách địa bàn đọc được phản ánh; mỗi lần mở đều được ghi lại. "
                "Cán bộ không thấy địa chỉ trò chuyện của bạn.",
                "Phản ánh đã xong được xóa nội dung sau {case_days} ngày kể từ lần thay đổi cuối. "
                "Muốn xóa sớm hơn, bạn gửi mã tiếp nhận rồi chọn “Xóa nội dung”.",
            ),
        ),
        (
            "Khi bạn tra cứu hồ sơ",
            (
                "Bốn số cuối chỉ dùng để so với hồ sơ; như mọi câu bạn viết, chúng được mã hóa và "
                "tự xóa sau {history_days} ngày. Sai nhiều lần thì phải chờ, để không ai dò được.",
                "Từ mã QR, mã vạch trong ảnh, trang chỉ giữ mã hồ sơ, lâu bằng giữ ảnh. Mọi thứ "
                "khác trong mã, như thông tin trên căn cước, bị bỏ ngay.",
            ),
        ),
        (
            "Để làm gì",
            (
                "Để trả lời bạn, và để bạn đọc lại khi cần.",
                "Trang không quảng cáo, không theo dõi bạn trên trang khác, "
                "không tải gì từ bên thứ ba.",
            ),
        ),
        (
            "Những gì không nên gửi",
            (
                "Hỏi về thủ tục thì không cần cho biết bạn là ai.",
                "Xin đừng gửi số căn cước, mật khẩu, mã OTP hay số tài khoản ngân hàng. "
                "Không ai ở đây hỏi bạn những thứ đó.",
            ),
        ),
        (
            "Bạn có thể làm gì",
            (
                "Bấm “Bắt đầu cuộc trò chuyện mới” để người dùng chung máy không đọc được "
                "những gì bạn đã hỏi.",
                "Theo Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, bạn có quyền được biết, "
                "xem và yêu cầu xóa dữ liệu cá nhân của mình.",
            ),
        ),
        (
            "Đây không phải quyết định của cơ quan nhà nước",
            (
                "Câu trả lời do máy soạn từ hồ sơ thủ tục đã công bố, có ghi nguồn và ngày. "
                "Nơi giải quyết hồ sơ của bạn là cơ quan có thẩm quyền.",
            ),
        ),
    ),
}
