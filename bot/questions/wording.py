"""What the terminal says to the volunteer (tình nguyện viên) who labels."""

from bot.questions.errors import Problem

HOW_TO_ANSWER = """\
Trả lời một dòng rồi nhấn Enter:
  1        hỏi về thủ tục số 1 (1 3: số 1 hay số 3 đều đúng; gõ mã cũng được: 1.001193)
  1 3 ?    hợp với cả hai, bot phải hỏi lại người dân
  0        hỏi về một thủ tục mà dữ liệu không có
  b        ý định b trong danh sách (gõ tên cũng được, ví dụ ask_rights; kèm số: b 1)
  … # chữ  ghi chú sau dấu #
  s hoặc Enter: để sau · x: bỏ, không học được gì · q: nghỉ (lần sau làm tiếp từ đây)"""
PROMPT = "Nhãn: "
NOTHING_LEFT = "Không còn câu nào chờ gán nhãn. Cảm ơn bạn."
TAKEN_MEANWHILE = "Câu này vừa có người khác gán nhãn, mình qua câu sau."
DONE = "Đã gán nhãn {labelled} câu, bỏ {dismissed} câu, để sau {skipped} câu; còn chờ {left} câu."

PROBLEMS = {
    Problem.UNKNOWN_INTENT: "Không có ý định tên như vậy.",
    Problem.UNKNOWN_CODE: "Dữ liệu không có thủ tục mã này.",
    Problem.CODES_WITHOUT_PROCEDURE: "Mã thủ tục chỉ đi với ask_procedure hoặc ask_place.",
    Problem.NO_CODES: "Bạn chọn giúp ít nhất một thủ tục trước dấu “?”.",
    Problem.NOT_UNDERSTOOD: "Mình chưa hiểu câu trả lời này.",
}
