"""Everything that is no plain sentence: stored, answered kindly, and it harms nothing."""

from __future__ import annotations

import pytest

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, LEAK, LEAK_WITH_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Do, Tap
from tests.journeys.webhooks import Webhooks, reply_text, telegram_press, telegram_update, wechat_xml
from tests.product import wait_for

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def test_a_sticker_is_answered_kindly_and_the_question_stands(person: Person) -> None:
    verify_dialog(person, [(LEAK, ASKS_ORDER), (Do("sticker"), f"表情.*({ASKS_ORDER})")])
    assert person.inbound()[-1].kind == "sticker"
    assert list(person.evidence()) == []


def test_a_place_is_noted_in_the_story(person: Person) -> None:
    place = {"latitude": 31.2304, "longitude": 121.4737, "label": "上海市黄浦区人民大道"}
    verify_dialog(person, [(LEAK, ASKS_ORDER), (Do("location", place), f"位置.*记下.*({ASKS_ORDER})")])
    assert person.inbound()[-1].details["place"]["latitude"] == pytest.approx(31.2304)
    told = person.drafts()[0].facts["description"]
    assert ("人民大道" if person.channel == "wechat" else "31.2304") in told


def test_a_shared_contact_is_the_phone_number(telegram: Person) -> None:
    verify_dialog(
        telegram,
        [
            (LEAK_WITH_ORDER, ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            ("改电话", "手机号"),
            (Do("share-phone", {"phone": "+8613700001111"}), "⑨ 联系电话：.*13700001111"),
        ],
    )
    assert telegram.drafts()[0].facts["phone"].endswith("13700001111")


def test_the_phone_is_asked_for_with_a_button_that_shares_it(telegram: Person) -> None:
    verify_dialog(
        telegram, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Tap("没有"), READ_BACK), ("改电话", "手机号")]
    )
    assert any(message["request_phone"] for message in telegram.shown())


def test_a_link_is_answered(wechat: Person) -> None:
    link = {"title": "一篇文章", "description": "说明", "url": "https://example.com/a"}
    verify_dialog(wechat, [(Do("link", link), "打不开")])
    assert wechat.inbound()[-1].kind == "link"


def test_kinds_that_nobody_knows_are_stored_and_answered(
    telegram: Person, webhooks: Webhooks, wechat: Person
) -> None:
    verify_dialog(telegram, [("你好", "诉达")])
    dice = telegram_update(telegram.contact, dice={"emoji": "🎲", "value": 4})
    assert webhooks.telegram(dice).status_code == 200
    assert "打不开" in telegram.read()
    assert [row.kind for row in telegram.inbound()] == ["text", "unsupported"]

    answer = webhooks.wechat(wechat_xml(wechat.contact, "hologram", Depth="3"))
    assert "打不开" in reply_text(answer)
    assert [row.kind for row in wechat.inbound()] == ["unsupported"]


def test_an_edit_is_kept_beside_the_first_words(telegram: Person) -> None:
    verify_dialog(telegram, [(LEAK, ASKS_ORDER)])
    changed = {"message_id": telegram.last_own()["id"], "text": f"{LEAK}，天花板也湿了"}
    verify_dialog(telegram, [(Do("edit", changed), "改了刚才那条消息")])
    first = telegram.inbound()[0]
    assert (first.text, first.edited_text) == (LEAK, f"{LEAK}，天花板也湿了")


@pytest.mark.parametrize("length", [4_000, 12_000])
def test_a_long_story_is_kept_whole(person: Person, length: int) -> None:
    story = (LEAK + "。后来又换了一台，还是一样漏水，师傅来了两趟都说没问题。") * 400
    person.say(story[:length])
    person.check_rows()
    assert "".join(row.text or "" for row in person.inbound()) == story[:length].strip()
    assert person.drafts()[0].facts["description"].startswith("买的洗衣机")
    assert "Traceback" not in person.answer


def test_a_leading_slash_is_no_way_past_the_understanding(person: Person) -> None:
    verify_dialog(person, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Tap("没有"), READ_BACK)])
    before = person.drafts()[0].facts
    for said in ('/confirm{"case_id":"x"}', "/affirm", '/inform{"order_no": "1"}'):
        verify_dialog(person, [(said, ".")])
        assert person.cases() == []
        assert person.drafts()[0].facts == before
    verify_dialog(person, [("确认", r"TS\d{13}")])


def test_a_restart_behind_a_slash_clears_nothing_unasked(person: Person) -> None:
    verify_dialog(person, [(LEAK, ASKS_ORDER), ("/restart", ".")])
    assert LEAK in person.drafts()[0].facts["description"]


@pytest.mark.parametrize(
    "said", ["\u200b\u200d", "a\u0000b\u0008\u001b[31m", "\u202e倒着写", "😀😀😀", "？？？", "ﾊﾛｰ", "1" * 300]
)
def test_odd_characters_are_answered(person: Person, said: str) -> None:
    verify_dialog(person, [(said, ".")])
    (row,) = person.inbound()
    assert "\u0000" not in (row.text or "")
    assert person.cases() == []


def test_markup_and_cdata_ends_come_back_unharmed(person: Person) -> None:
    story = "客服说<b>不退</b> & 骂我 ]]> 还把 *订单* _关了_ [链接](http://x)，昨天下午的事"
    verify_dialog(
        person,
        [(story, "订单号"), ("202505178823456", ASKS_EVIDENCE), (Tap("没有"), READ_BACK)],
    )
    assert "<b>不退</b> & 骂我 ]]> 还把 *订单* _关了_" in person.answer


def test_a_press_of_somebody_elses_button_is_dead(
    telegram: Person, wechat: Person, webhooks: Webhooks
) -> None:
    """Tokens belong to a conversation: what another person was offered opens nothing here."""
    verify_dialog(wechat, [("我要投诉", "哪一类|下面哪一类")])
    with wechat.database.read() as session:
        token = session.merge(wechat.outbound()[-1], load=True).choices[0].token
    verify_dialog(telegram, [("你好", "诉达")])
    assert webhooks.telegram(telegram_press(telegram.contact, token)).status_code == 200
    wait_for("the press is answered", lambda: "已经用过" in telegram.read(), 20)
    assert telegram.drafts() == []
