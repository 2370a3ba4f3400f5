"""The form's validator and the actions on cases, written as rasa_sdk's documentation shows."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.store import create_schema, insert_case, latest_cases

COMPLAINT_TYPES = (
    "商品质量", "虚假宣传", "物流配送", "服务态度", "售后服务", "费用退款", "服务违规", "隐私骚扰", "安全健康", "其他",
)  # fmt: skip
DRAFT_SLOTS = ("complaint_type", "description", "order_no", "evidence", "confirmed")
NOTHING = ("没有", "无", "没", "没有了")

create_schema()


def _forget_draft() -> list[dict[str, Any]]:
    return [SlotSet(slot, None) for slot in DRAFT_SLOTS]


class ValidateComplaintForm(FormValidationAction):
    def name(self) -> str:
        return "validate_complaint_form"

    def validate_complaint_type(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        if value in COMPLAINT_TYPES:
            return {"complaint_type": value}
        dispatcher.utter_message(text="请从下面的类型里选一个。")
        return {"complaint_type": None}

    def validate_description(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        if len(str(value).strip()) >= 8:
            return {"description": value}
        dispatcher.utter_message(text="请再具体一点。")
        return {"description": None}

    def validate_order_no(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        text = str(value).strip()
        if text in NOTHING:
            return {"order_no": "没有"}
        found = re.search(r"[A-Za-z0-9-]{8,32}", text)
        if found:
            return {"order_no": found.group()}
        dispatcher.utter_message(text="这个订单号看起来不对，请再核对一下。")
        return {"order_no": None}

    def validate_evidence(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        return {"evidence": "没有" if str(value).strip() in NOTHING else value}


class ActionOpenCase(Action):
    def name(self) -> str:
        return "action_open_case"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        if not tracker.get_slot("confirmed"):
            dispatcher.utter_message(text="好的，没有提交。需要时回复“我要投诉”重新开始。")
            return _forget_draft()
        number = insert_case(
            tracker.sender_id,
            tracker.get_slot("complaint_type"),
            tracker.get_slot("description"),
            tracker.get_slot("order_no"),
            tracker.get_slot("evidence"),
        )
        dispatcher.utter_message(text=f"已登记，编号 {number}。24 小时内会有专员联系您。回复“我的投诉进度”可随时查询。")
        return _forget_draft()


class ActionForgetDraft(Action):
    def name(self) -> str:
        return "action_forget_draft"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        return _forget_draft()


class ActionCaseStatus(Action):
    def name(self) -> str:
        return "action_case_status"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        cases = latest_cases(tracker.sender_id)
        if cases:
            lines = "\n".join(f"{number}：{stage}" for number, stage in cases)
            dispatcher.utter_message(text=f"您的投诉：\n{lines}")
        else:
            dispatcher.utter_message(text="您还没有登记过投诉。回复“我要投诉”开始登记。")
        return []
