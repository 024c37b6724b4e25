"""What a member changed, for the audit log of their program."""

from datetime import datetime

from partnerloop.accounts.models import Membership
from partnerloop.core.models import record_audit


def record_by(
    by: Membership, action: str, *, target: str, at: datetime, fields: tuple[str, ...] = ()
) -> None:
    """Write one audit row; call it inside the transaction of the change."""
    record_audit(
        action,
        at=at,
        actor=f"user:{by.user_id}",
        target=target,
        program_id=by.program_id,
        fields=fields,
    )
