"""Typed configuration of one home, read from its ``lawgate.toml``; what protects someone has no default."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lawgate.domain.errors import SettingsError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class GatewaySettings(_Strict):
    """Who holds the records and what the log is called."""

    origin: str = Field(
        min_length=1, pattern=r"^[^\s+]+$", description="the log's name, e.g. gateway.example/disclosures"
    )
    holder: str = Field(
        min_length=1, description="agency id of the record holder; its people decide and release"
    )
    packs: list[str] = Field(min_length=1, description="grounds this gateway answers")


class RemoteWitness(_Strict):
    """A witness elsewhere, asked over HTTP (C2SP tlog-witness)."""

    vkey: str = Field(min_length=1, description="its verifier key, which its operator gives you")
    url: str = Field(pattern=r"^https?://[^\s]+$", description="its submission prefix")


class WitnessSettings(_Strict):
    """Who cosigns the log, and how many must before anything leaves."""

    names: list[str] = Field(description="witnesses on this machine; a real quorum needs none of them")
    remote: list[RemoteWitness] = Field(default=[], description="witnesses elsewhere")
    quorum: int = Field(ge=2)
    patience_minutes: int = Field(ge=1, description="longer without a quorum is an incident")

    @model_validator(mode="after")
    def _enough(self) -> WitnessSettings:
        if self.quorum > len(self.names) + len(self.remote):
            raise ValueError("the quorum is larger than the number of witnesses")
        return self


class LimitSettings(_Strict):
    """What guard holds: numbers above these make a batch or a line wait for a person."""

    window_days: int = Field(ge=1)
    officer_lines_per_submission: int = Field(ge=1)
    officer_lines_per_window: int = Field(ge=1)
    official_lines_per_window: int = Field(ge=1)
    agency_lines_per_window: int = Field(ge=1)
    address_repeats_per_window: int = Field(ge=1)
    case_lines_per_window: int = Field(ge=1)
    cases_of_one_day_per_window: int = Field(ge=1)
    same_reasons_share: float = Field(gt=0, le=1)
    same_reasons_minimum: int = Field(ge=2)
    same_reasons_per_window: int = Field(ge=2)
    template_words: int = Field(ge=1)
    unusable_address_share: float = Field(gt=0, le=1)
    unusable_addresses_per_window: int = Field(ge=1)
    filers_per_address: int = Field(ge=1)


class ReleaseSettings(_Strict):
    """What must hold before an answer leaves."""

    sample_size: int = Field(ge=1, description="answers of each batch that two people look at first")
    approval_days: int = Field(ge=1, description="an approval older than this no longer counts")
    scripted_people: bool = Field(description="true in a rehearsal home only: keys of scripts may decide")


class TimestampSettings(_Strict):
    """Who stamps one checkpoint a day (RFC 3161)."""

    url: str = Field(pattern=r"^https?://[^\s]+$", description="the time stamping authority")
    anchors: str = Field(
        min_length=1, description="PEM file of its trust anchors; a relative path is below the home"
    )


class KeySettings(_Strict):
    """The PKCS #11 token that makes and keeps the keys which wrap data keys."""

    module: str = Field(pattern="^/", description="its library")
    token: str = Field(min_length=1, max_length=32, description="its label")
    pin_file: str = Field(
        min_length=1,
        description="the user PIN, in a file of its owner alone: a systemd credential of that name, or a file, below the home if relative",
    )


class SealerSettings(_Strict):
    """Where the sealer is that runs under a user of its own."""

    socket: str = Field(pattern=r"^/", description="the Unix socket at which it listens; a full path")


SUBMISSION_MEGABYTES = 4096
"""What a submission's files may have together where the settings say nothing: three times what a million lines have."""


class ServiceSettings(_Strict):
    """Where people reach the service."""

    url: str = Field(
        pattern=r"^(https://[^\s/]+|http://localhost(:\d+)?)$",
        description="its address without a path; only this machine is reached without TLS",
    )
    submission_megabytes: int = Field(
        default=SUBMISSION_MEGABYTES, ge=1, description="the most that a submission's files may have together"
    )


class OidcSettings(_Strict):
    """An identity provider at which people sign in (OpenID Connect). It names nobody's role, and makes no account."""

    issuer: str = Field(
        pattern=r"^(https://[^\s?#]+|http://localhost(:\d+)?(/[^\s?#]*)?)$",
        description="the provider's issuer identifier, exactly as its tokens state it",
    )
    client_id: str = Field(min_length=1, description="what the provider calls this gateway")
    key: str = Field(
        min_length=1,
        description="PEM file of the private key that signs to the provider (private_key_jwt; P-256 or RSA); a relative path is below the home",
    )
    claim: str = Field(
        min_length=1,
        description="the claim by whose value an operator binds people, `sub` where nothing speaks against it",
    )
    acr: list[str] = Field(description="values of `acr` by which the provider asserts a second factor")
    amr: list[str] = Field(description="values of `amr` that do")


class Settings(_Strict):
    """The whole of ``lawgate.toml``."""

    gateway: GatewaySettings
    witnesses: WitnessSettings
    limits: LimitSettings
    release: ReleaseSettings
    timestamp: TimestampSettings | None = Field(
        default=None, description="without it, only the witnesses state times"
    )
    keys: KeySettings | None = Field(
        default=None, description="without it, the wrapping key lies in a file of the home"
    )
    sealer: SealerSettings | None = Field(
        default=None, description="without it, the sealer is a child of this process, under its user"
    )
    service: ServiceSettings | None = Field(
        default=None, description="without it, people of this machine alone reach it"
    )
    oidc: OidcSettings | None = Field(
        default=None, description="without it, people sign in here with a password and a second factor"
    )


EXAMPLE = """\
# Settings of one Lawgate home. Every line is needed: nothing that protects someone has a default.

[gateway]
origin = "gateway.example/disclosures"   # the log's name
holder = "revenue-records"               # agency id of the record holder
packs = ["usc26-6103-i-2"]               # grounds this gateway answers

[witnesses]
names = ["monitor.example/w1", "inspector.example/w2"]
quorum = 2                               # cosignatures before anything leaves
patience_minutes = 15                    # longer without a quorum is an incident, and releases are stopped
# [[witnesses.remote]]                   # witnesses elsewhere count for more: nobody who controls this machine controls them
# vkey = "counsel.example/w3+0123abcd+BASE64"
# url = "https://counsel.example/witness"

[limits]                                 # above these, lines wait for a person
window_days = 30
officer_lines_per_submission = 60
officer_lines_per_window = 200
official_lines_per_window = 2000
agency_lines_per_window = 5000
address_repeats_per_window = 3
case_lines_per_window = 25               # lines that state one case number
cases_of_one_day_per_window = 50         # lines whose cases were all opened on one day
same_reasons_share = 0.2                 # of a file's lines; names, numbers and dates make no difference
same_reasons_minimum = 5
same_reasons_per_window = 40
template_words = 15                      # words of a line's reasons that stand in that share of all lines
unusable_address_share = 0.1             # of a file's lines, refused ones included
unusable_addresses_per_window = 100
filers_per_address = 12                  # an address of more filers answers nobody by name alone

[release]
sample_size = 5                          # answers of a batch that two people look at first
approval_days = 30                       # an older approval no longer counts
scripted_people = false                  # true only in a rehearsal

# [timestamp]                            # one RFC 3161 timestamp a day, by somebody who is neither you nor a witness
# url = "https://authority.example/tsa"
# anchors = "authority.pem"

# [keys]                                 # the key that wraps all data keys, in a PKCS #11 token instead of a file of the home
# module = "/usr/lib/softhsm/libsofthsm2.so"
# token = "lawgate"                      # its label
# pin_file = "pin"                       # a systemd credential of that name, else a file with mode 0600 below the home

# [sealer]                               # `lawgate sealer serve`; without this, it is a child of the gateway, under the same user
# socket = "/run/lawgate-sealer/socket"

# [service]                              # `lawgate serve`; without this, people of this machine alone reach it
# url = "https://gateway.example"        # where a TLS proxy before it is reached
# submission_megabytes = 4096                # the most that a submission's files may have together

# [oidc]                                 # people may sign in at their agency's identity provider too
# issuer = "https://identity.example"
# client_id = "lawgate"
# key = "keys/oidc.pem"                  # signs to the provider; `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`
# claim = "sub"                          # its value is bound to an account by `lawgate account bind`
# acr = []                               # what of the provider's asserts a second factor; without it, one of the account's own is asked for
# amr = ["mfa"]
"""

DEFAULT_URL = "http://localhost:7381"
"""Where the service is reached if the settings name nothing else."""


def load_settings(path: Path) -> Settings:
    """Read settings from a TOML file.

    Raises SettingsError naming the entry that is missing, unknown or of the wrong kind.
    """
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SettingsError(
            f"there is no settings file at {path}; `lawgate init --example` prints one"
        ) from None
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(f"{path.name} is not TOML: {fault}") from None
    except ValidationError as faults:
        said = "; ".join(f"{'.'.join(str(p) for p in f['loc'])}: {f['msg']}" for f in faults.errors())
        raise SettingsError(f"{path.name}: {said}") from None
