"""The few Vietnamese words that belong to this channel alone."""

# What a person did without words, as it stands in the conversation.
FOLLOWED = "Quan tâm trang Zalo"
OPENED_CHAT = "Mở khung trò chuyện"
