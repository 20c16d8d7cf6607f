"""Fees: words before figures, zero is silence, doubt is said as doubt."""

import pytest

from bot.procedures.official import Oddity, read_record
from bot.procedures.official.fees import amounts_in
from bot.procedures.procedure import Fee, FeeKind
from tests.fakes.portal_records import a_fee, a_method, a_record


def fees(*entries):
    procedure, odd = read_record(a_record(executionMethods=[a_method(fees=list(entries))]))
    return procedure.ways[0].fees, odd


@pytest.mark.parametrize("value", [0, None])
def test_zero_without_words_means_not_published(value):
    read, odd = fees(a_fee(value))
    assert read == ()
    assert odd[Oddity.EMPTY_FEE] == 1


def test_zero_with_words_is_what_the_words_say():
    read, _ = fees(a_fee(0, "Hội đồng nhân dân cấp tỉnh quy định."))
    assert read == (Fee(FeeKind.CHARGE, text="Hội đồng nhân dân cấp tỉnh quy định."),)


def test_a_fee_that_is_only_an_attached_file_is_counted_apart():
    read, odd = fees(a_fee(0, attachment={"fileId": "x", "fileName": "bieu-phi.pdf"}))
    assert read == ()
    assert odd[Oddity.FEE_ONLY_AS_FILE] == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("FEE", FeeKind.FEE), ("SERVICE_FEE", FeeKind.CHARGE), ("PRICE_LEVEL", FeeKind.PRICE)],
)
def test_the_three_kinds_are_never_mixed(kind, expected):
    read, _ = fees(a_fee(50_000, type=kind))
    assert read == (Fee(expected, 50_000),)


def test_words_that_agree_with_the_figure_stand_beside_it():
    words = "50.000 đồng/lần; trẻ em 25.000 đồng"
    assert fees(a_fee(50_000, words))[0] == (Fee(FeeKind.CHARGE, 50_000, text=words),)


def test_words_that_disagree_with_the_figure_win_and_the_doubt_is_marked():
    read, odd = fees(a_fee(5_000_000, "Áp dụng mức phí 2.500.000 đồng"))
    assert read == (Fee(FeeKind.CHARGE, text="Áp dụng mức phí 2.500.000 đồng", conflicting=True),)
    assert odd[Oddity.FEE_CONFLICT] == 1


def test_a_figure_in_thousands_is_whole_when_the_words_confirm_it():
    read, odd = fees(a_fee(100, "100.000 đồng/lần"))
    assert read[0].amount == 100_000
    assert odd[Oddity.FEE_IN_THOUSANDS] == 1


def test_dollars_are_dollars_when_named_or_when_the_words_name_them():
    assert fees(a_fee(10, "/bản", currencyName="USD"))[0][0].currency == "USD"
    in_words, _ = fees(a_fee(10, "10USD/giấy"))
    assert (in_words[0].amount, in_words[0].currency) == (10, "USD")


@pytest.mark.parametrize("currency", [{}, {"currencyName": "Việt Nam Đồng"}])
def test_a_small_figure_without_a_sure_unit_is_never_called_dong(currency):
    read, odd = fees(a_fee(20, "đối với 1 tờ khai", **currency))
    assert read[0].amount is None
    assert read[0].text == "20 (dữ liệu không ghi rõ đơn vị tiền): đối với 1 tờ khai"
    assert odd[Oddity.FEE_UNIT_UNCLEAR] == 1


def test_one_beside_words_is_a_placeholder():
    read, _ = fees(a_fee(1, "Theo quy định của Luật phí và lệ phí"))
    assert read == (Fee(FeeKind.CHARGE, text="Theo quy định của Luật phí và lệ phí"),)


def test_equal_lines_are_told_once():
    assert len(fees(a_fee(50_000), a_fee(50_000), a_fee(60_000))[0]) == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("150.000 đồng/lần/thẻ", [(150_000, "VND")]),
        ("10.250.000/lần/ đơn vị", [(10_250_000, "")]),
        ("75000 Đồng", [(75_000, "VND")]),
        ("2,5 triệu đồng", [(2_500_000, "VND")]),
        ("50USD/chuyến; $ 5", [(50, "USD"), (5, "USD")]),
        ("Thông tư số 85/2019/TT-BTC ngày 29/11/2019, mục 12", []),
        ("Giá trị giao dịch trên 280 tỷ đồng", []),
        ("Bằng 50% mức thu", []),
    ],
)
def test_sums_of_money_are_found_in_words_and_law_numbers_are_not(words, found):
    assert [tuple(amount) for amount in amounts_in(words)] == found
