"""The vocabulary of a case: types, remedies, priorities, complexities, stages; codes with Chinese names.

The codes are a contract with the dialogue, the API and reports (they are never shown); the names are what
users and agents read. No rules here: what may follow what is lifecycle's.
"""

from __future__ import annotations

from enum import Enum


class ComplaintType(str, Enum):
    """What a complaint is about."""

    PRODUCT_QUALITY = "product_quality"
    FALSE_ADVERTISING = "false_advertising"
    DELIVERY = "delivery"
    SERVICE_ATTITUDE = "service_attitude"
    AFTER_SALES = "after_sales"
    BILLING_REFUND = "billing_refund"
    SERVICE_SHORTFALL = "service_shortfall"
    PRIVACY = "privacy"
    SAFETY = "safety"
    OTHER = "other"

    @property
    def shown(self) -> str:
        """The name that people read."""
        return _TYPES[self]


class Remedy(str, Enum):
    """What the person wants."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    COMPENSATION = "compensation"
    APOLOGY = "apology"
    REDO_SERVICE = "redo_service"
    OTHER = "other"

    @property
    def shown(self) -> str:
        """The name that people read."""
        return _REMEDIES[self]


class Priority(str, Enum):
    """Urgency × impact."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"

    @property
    def shown(self) -> str:
        """The name that agents read."""
        return _PRIORITIES[self]


class Complexity(str, Enum):
    """How much work a case is."""

    SIMPLE = "simple"
    STANDARD = "standard"
    COMPLEX = "complex"

    @property
    def shown(self) -> str:
        """The name that agents read."""
        return _COMPLEXITIES[self]


class Stage(str, Enum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    VERIFYING = "verifying"
    WAITING_USER = "waiting_user"
    PROPOSING = "proposing"
    AWAITING_CONSENT = "awaiting_consent"
    RESOLVING = "resolving"
    CONFIRMING = "confirming"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def shown(self) -> str:
        """The name that people read."""
        return _STAGES[self]

    @property
    def is_open(self) -> bool:
        """Is there still work to do?"""
        return self not in DECIDED


_TYPES = {
    ComplaintType.PRODUCT_QUALITY: "商品质量",
    ComplaintType.FALSE_ADVERTISING: "虚假宣传",
    ComplaintType.DELIVERY: "物流配送",
    ComplaintType.SERVICE_ATTITUDE: "服务态度",
    ComplaintType.AFTER_SALES: "售后服务",
    ComplaintType.BILLING_REFUND: "费用退款",
    ComplaintType.SERVICE_SHORTFALL: "服务违规",
    ComplaintType.PRIVACY: "隐私骚扰",
    ComplaintType.SAFETY: "安全健康",
    ComplaintType.OTHER: "其他",
}

_REMEDIES = {
    Remedy.REFUND: "退款",
    Remedy.EXCHANGE: "换货",
    Remedy.REPAIR: "维修",
    Remedy.COMPENSATION: "补偿",
    Remedy.APOLOGY: "道歉",
    Remedy.REDO_SERVICE: "重新服务",
    Remedy.OTHER: "其他",
}

_PRIORITIES = {Priority.URGENT: "紧急", Priority.HIGH: "优先", Priority.NORMAL: "普通"}

_COMPLEXITIES = {Complexity.SIMPLE: "简单", Complexity.STANDARD: "一般", Complexity.COMPLEX: "复杂"}

_STAGES = {
    Stage.SUBMITTED: "已提交",
    Stage.ACCEPTED: "诉求受理",
    Stage.REJECTED: "不予受理",
    Stage.VERIFYING: "专员核实",
    Stage.WAITING_USER: "等待补充",
    Stage.PROPOSING: "方案制定",
    Stage.AWAITING_CONSENT: "方案待确认",
    Stage.RESOLVING: "问题解决",
    Stage.CONFIRMING: "用户确认",
    Stage.CLOSED: "已结案",
    Stage.WITHDRAWN: "已撤诉",
}

DECIDED = frozenset({Stage.REJECTED, Stage.CLOSED, Stage.WITHDRAWN})
"""Stages in which nothing is left to do (a way back may be open all the same)."""

PATH = (
    Stage.ACCEPTED,
    Stage.VERIFYING,
    Stage.PROPOSING,
    Stage.RESOLVING,
    Stage.CONFIRMING,
    Stage.CLOSED,
)
"""The road that the user is shown: 诉求受理 → 专员核实 → 方案制定 → 问题解决 → 用户确认 → 已结案."""

STEP_OF = {
    Stage.ACCEPTED: Stage.ACCEPTED,
    Stage.VERIFYING: Stage.VERIFYING,
    Stage.WAITING_USER: Stage.VERIFYING,
    Stage.PROPOSING: Stage.PROPOSING,
    Stage.AWAITING_CONSENT: Stage.PROPOSING,
    Stage.RESOLVING: Stage.RESOLVING,
    Stage.CONFIRMING: Stage.CONFIRMING,
    Stage.CLOSED: Stage.CLOSED,
}
"""The step of the road that a stage belongs to; 已提交, 不予受理 and 已撤诉 are beside the road."""
