"""What a case is about (loại phản ánh)."""

from enum import Enum


class Category(Enum):
    """The kinds of feedback that are told apart."""

    HARASSMENT = "harassment"  # nhũng nhiễu, gây phiền hà, hạch sách
    BROKER = "broker"  # cò mồi, môi giới làm giấy tờ
    IMPROPER_DEMAND = "improper_demand"  # đòi giấy tờ, thủ tục ngoài quy định
    REFUSAL_REORGANISATION = "refusal_reorganisation"  # từ chối vì lý do sắp xếp bộ máy
    DELAY = "delay"  # trễ hạn, không xin lỗi, không hẹn lại
    ATTITUDE = "attitude"  # thái độ, đùn đẩy trách nhiệm
    BRIBERY = "bribery"  # vòi vĩnh, đòi tiền
    TECHNICAL = "technical"  # lỗi hệ thống, hồ sơ bị từ chối vì kỹ thuật
    PRAISE = "praise"  # khen
    SUGGESTION = "suggestion"  # góp ý
    OTHER = "other"  # khác


class Subtype(Enum):
    """The kinds of improper demands."""

    FORCED_VNEID = "forced_vneid"  # bắt phải có VNeID khi nộp trực tiếp
    ADDRESS_CONFIRMATION = "address_confirmation"  # bắt xác nhận trùng khớp địa bàn cũ, mới
    EXTRA_PAPERS = "extra_papers"  # đòi thêm giấy tờ
    PAPER_COPY_OF_ONLINE = "paper_copy_of_online"  # bắt nộp giấy cho hồ sơ đã ký số


def fits(subtype: Subtype | None, category: Category) -> bool:
    """Tell whether a case of this category can have this subtype."""
    return subtype is None or category is Category.IMPROPER_DEMAND
