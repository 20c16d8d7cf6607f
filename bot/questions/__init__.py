"""Questions that the bot missed (câu hỏi chưa hiểu), stripped of personal data, to be labelled."""
