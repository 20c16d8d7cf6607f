"""Follow-ups about the procedure just spoken of, told from questions that name one."""

from pathlib import Path

import pytest

from bot.procedures.builtin import load_builtin
from bot.procedures.everyday_names import load_everyday_names
from bot.procedures.search import SearchIndex
from bot.procedures.search.question import tells
from bot.vietnamese import fold

ASPECTS = Path(__file__).parents[3] / "nlu/components/aspects.tsv"

FOLLOW_UPS = """
thế lệ phí bao nhiêu
phí bao nhiêu và bao lâu xong
cần giấy tờ gì nữa
nộp online được không
mấy ngày có
ở đâu nhận
cần mang theo gì, nộp ở đâu, mất bao lâu
thế còn điều kiện
có phải công chứng không
bao lâu thì nhận được kết quả
hồ sơ gồm những gì vậy ạ
nộp bản sao hay bản chính
có cần bản gốc không
photo có được không
có phải đi cùng không
nhờ người khác nộp thay được không
có được ủy quyền không
thứ bảy có làm việc không
chiều nay có nộp được không
làm ở xã hay ở tỉnh
nộp ở công an hay ủy ban
có mất tiền không
tốn kém nhiều không
miễn phí không ạ
đóng tiền ở đâu
lấy liền được không
có lấy ngay trong ngày không
quá hạn thì sao
nộp trễ có bị phạt không
thiếu giấy tờ thì sao
mấy bộ hồ sơ
cần mấy ảnh
có cần ảnh 3x4 không
có mẫu đơn không
tải mẫu ở đâu
tờ khai lấy ở đâu
điền mẫu nào
viết tay được không
làm trên điện thoại được không
nộp qua vneid được không
qua mạng thì làm sao
các bước thế nào
trình tự ra sao
bắt đầu từ đâu
ai giải quyết
gặp ai ở phường
cơ quan nào nhận hồ sơ
địa chỉ ở đâu vậy
theo luật nào
căn cứ pháp lý là gì
nghị định nào quy định
ai được làm
bao nhiêu tuổi thì được
có hiệu lực bao lâu
khi nào có kết quả
kết quả là gì
gửi qua bưu điện được không
có cần có mặt không
thế còn thời gian
rồi sao nữa
còn gì nữa không
nói chi tiết hơn được không
cho em xin số điện thoại liên hệ
em ở quê thì nộp chỗ nào
""".strip().splitlines()

NAMING = """
khai sinh
làm giấy khai sinh
đăng ký kết hôn
kết hôn cần giấy tờ gì
báo tử
khai tử ở đâu
giấy độc thân
xác nhận tình trạng hôn nhân
nhận nuôi con nuôi
đăng ký giám hộ
cải chính hộ tịch
trích lục khai sinh
hộ khẩu
nhập hộ khẩu
tách hộ
tạm trú
đăng ký tạm trú bao lâu
khai báo tạm vắng
xóa thường trú
thông báo lưu trú
căn cước
cccd hết hạn
mất căn cước
đổi thẻ căn cước
vneid
định danh mức 2
hộ chiếu bao nhiêu tiền
làm passport
công chứng ở đâu
sao y
chứng thực chữ ký
di chúc
sổ đỏ
làm sổ đỏ lần đầu
sang tên đất
tách thửa
chuyển mục đích sử dụng đất
giấy phép xây dựng
xin phép sửa nhà
hòa giải tranh chấp đất
bằng lái xe
đổi bằng lái
mất bằng lái
biển số xe
sang tên xe
mở tiệm tạp hóa
hộ kinh doanh
tạm ngừng kinh doanh
thường trú
bảo hiểm y tế
bảo hiểm thất nghiệp
bảo hiểm xã hội tự nguyện
trợ cấp người cao tuổi
người khuyết tật
mai táng phí
hộ nghèo
thương binh
nghĩa vụ quân sự
lý lịch tư pháp
ly hôn ở nước ngoài ghi chú ở đâu
1.001193
""".strip().splitlines()


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.build(load_builtin(), load_everyday_names())


def both_typings(questions: list[str]) -> list[str]:
    return [typing for question in questions for typing in (question, fold(question))]


@pytest.mark.parametrize("question", both_typings(FOLLOW_UPS))
def test_a_follow_up_names_nothing(index, question):
    assert not index.names_procedure(question)


@pytest.mark.parametrize("question", both_typings(NAMING))
def test_a_short_name_is_heard(index, question):
    assert index.names_procedure(question)


@pytest.mark.parametrize(
    "phrase",
    [
        line.split("\t")[1]
        for line in ASPECTS.read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ],
)
def test_what_asks_for_an_aspect_names_nothing(phrase):
    """The words by which aspects are recognised (nlu/) are all known as follow-ups here."""
    assert not tells(f"{phrase} không")
    assert not tells(f"{fold(phrase)} khong")
