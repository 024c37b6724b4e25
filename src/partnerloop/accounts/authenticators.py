"""How django-allauth keeps second steps here: secrets sealed, passkeys bound to our address."""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from partnerloop.programs.sealing import seal, unseal


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals what allauth would store readable, and names the installation by its own address."""

    def encrypt(self, text: str) -> str:
        """Return the secret sealed."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret opened."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return what the app on the phone shows."""
        return f"Partnerloop {urlsplit(settings.PARTNERLOOP_URL).hostname}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return whom passkeys are for: never what a request claims as its host."""
        return {"id": urlsplit(settings.PARTNERLOOP_URL).hostname or "", "name": "Partnerloop"}
