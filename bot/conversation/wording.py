"""What the conversation itself says to a citizen; everything else comes from the assistant."""

TURN_GIVEN_UP = (
    "Xin lỗi, tôi gặp trục trặc khi đọc tin nhắn này nên chưa trả lời được. "
    "Tin nhắn của bạn vẫn được lưu lại. Bạn thử viết lại bằng một câu ngắn hơn nhé."
)
