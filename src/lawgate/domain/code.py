"""The reason codes: what each means, where it comes from, what to do about it. A code is never reused.

``docs/codes.md`` is written from this table; a test holds it to that, and keeps the numbers of codes that were retired.

Families: 1xx file, 2xx statute, 3xx verification (stays inside), 4xx plausibility, 5xx requester, 6xx record class, 7xx stop, 9xx system.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One reason: ``citation`` is the provision or policy, ``remedy`` what the requester can do, ``retriable`` whether that helps.

    ``since`` is the release of this project in which it was first given out.
    """

    code: str
    citation: str
    sentence: str
    remedy: str
    retriable: bool
    since: str = "0.1.0"


_2 = "26 U.S.C. 6103(i)(2)"
_5, _M = "26 U.S.C. 6103(i)(5)", "26 U.S.C. 6103(m)(2)"
_B7, _F2 = "5 U.S.C. 552a(b)(7)", "38 U.S.C. 5701(f)(2)"
_P = "Lawgate submission format"

CODES: dict[str, Code] = {
    c.code: c
    for c in (
        # 1xx: the file
        Code(
            "101",
            _P,
            "The submission lacks a file it must have.",
            "Send cover.json, attestations.jsonl and the line file.",
            True,
        ),
        Code(
            "102",
            _P,
            "The cover request is not a well-formed signed envelope.",
            "Build it with `lawgate submission new`.",
            True,
        ),
        Code(
            "103",
            _P,
            "The line file is not the one the cover request was signed for.",
            "Send the file whose SHA-256 the cover names.",
            True,
        ),
        Code(
            "104",
            _P,
            "The number of lines is not the number the cover request states.",
            "Count the lines again and sign a new cover.",
            True,
        ),
        Code(
            "105",
            _P,
            "The attestations are not the ones the cover request was signed for.",
            "Send the file whose SHA-256 the cover names.",
            True,
        ),
        Code("110", _P, "The line cannot be read.", "Correct the line; the column is named.", True),
        Code(
            "111",
            _P,
            "The line has no request key, or one that another line has.",
            "Give each line its own request_key.",
            True,
        ),
        Code("112", _P, "A field has the wrong form.", "Correct the field; the column is named.", True),
        Code("113", _P, "The line has a field the format does not know.", "Map or remove the column.", True),
        Code(
            "114",
            _P,
            "A name or address holds a sign that cannot be seen, such as a zero-width space or a control.",
            "Type the field again without it; the column is named.",
            True,
            "0.2.0",
        ),
        Code(
            "120",
            _P,
            "The same request was made before by the same agency.",
            "See the earlier determination.",
            False,
        ),
        # 2xx: the statute
        Code(
            "221",
            f"{_2}(B)(i)",
            "The request does not set forth the name.",
            "State the full name.",
            True,
        ),
        Code(
            "222",
            f"{_2}(B)(i)",
            "The request does not set forth the address.",
            "State the address.",
            True,
        ),
        Code(
            "223",
            f"{_2}(B)(i)",
            "What is stated as an address is not one: a part is missing or it is a placeholder.",
            "State number and street (or box), city, state and ZIP.",
            True,
        ),
        Code(
            "224",
            f"{_2}(B)(ii)",
            "The request does not set forth the taxable period or periods.",
            "State the taxable years.",
            True,
        ),
        Code(
            "225",
            f"{_2}(B)(iii)",
            "The request does not set forth the statutory authority of the proceeding or investigation.",
            "Cite it.",
            True,
        ),
        Code(
            "226",
            f"{_2}(B)(iv)",
            "The request does not set forth the specific reason why disclosure is or may be relevant.",
            "State the reason for this person.",
            True,
        ),
        Code(
            "227", f"{_2}(B)", "The request is not in writing or not signed.", "Sign the cover request.", True
        ),
        Code(
            "228",
            f"{_2}(A)",
            "The signer holds no office on the statute's closed list.",
            "Have an office-holder of that list sign.",
            True,
        ),
        Code(
            "229",
            f"{_2}(A)",
            "No officer attests to be personally and directly engaged in this matter.",
            "Have the engaged officer sign the line.",
            True,
        ),
        Code(
            "230",
            f"{_2}(A)(i)-(iii)",
            "The matter is none of: preparation for a proceeding, an investigation that may result in one, a grand jury proceeding.",
            "State the proceeding.",
            True,
        ),
        Code(
            "231",
            f"{_2}(A)(i), 6103(i)(1)(A)(i)",
            "No specifically designated Federal criminal statute (not tax administration) is stated.",
            "Cite the criminal statute.",
            True,
        ),
        Code(
            "232",
            f"{_2}(A)",
            "The engaged officer is not an officer or employee of the requesting agency.",
            "Name an officer of that agency.",
            True,
        ),
        Code(
            "233",
            f"{_2}(A)",
            "A delegated request is not accepted: the statute names no delegate.",
            "Have the office-holder sign in person.",
            True,
        ),
        Code(
            "234",
            f"{_2}",
            "Something other than what the ground allows is asked for.",
            "Ask only for items the ground allows.",
            True,
        ),
        Code(
            "235",
            f"policy, under {_2}(A)",
            "What is stated of the alleged offence does not make out the offence designated.",
            "State the facts that the designated statute makes elements of the offence.",
            True,
        ),
        Code(
            "241",
            f"{_5}(A)",
            "No ex parte order of a Federal district court judge or magistrate judge is stated with number, court, judge and day.",
            "State the order as it was granted.",
            True,
            "0.2.0",
        ),
        Code(
            "242",
            f"{_5}(B), 6103(i)(1)(B)",
            "Who authorised the application for the order is not one of those who may.",
            "State the office that authorised the application.",
            True,
            "0.2.0",
        ),
        Code(
            "243",
            f"{_5}(B)(i)",
            "No Federal arrest warrant for a Federal felony, issued before the order, is stated.",
            "State the warrant's number and day, and the offence.",
            True,
            "0.2.0",
        ),
        Code(
            "244",
            f"{_5}(A)",
            "What is asked for goes beyond the extent of the order.",
            "Ask only for what the order opens.",
            True,
            "0.2.0",
        ),
        Code(
            "245",
            f"{_5}(A), (B)(ii)",
            "The use is not exclusively to locate the individual named in the order.",
            "Ask on another ground for any other use.",
            True,
            "0.2.0",
        ),
        Code(
            "246",
            f"{_M}(A)",
            "No Federal claim against this person is stated with its number and its basis.",
            "State the claim.",
            True,
            "0.2.0",
        ),
        Code(
            "247",
            f"{_M}(A)",
            "The use is not to locate the person in order to collect or compromise that claim under 31 U.S.C. 3711, 3717 and 3718.",
            "State collection or compromise, and the section it is done under.",
            True,
            "0.2.0",
        ),
        Code(
            "248",
            f"{_M}(B)",
            "This gateway does not answer agents, or consumer reporting agencies, on this ground.",
            "Name an officer or employee of the agency.",
            True,
            "0.2.0",
        ),
        Code(
            "249",
            _B7,
            "The request does not specify the particular portion of the record desired, or not one that is available.",
            "Name the portion desired.",
            True,
            "0.2.0",
        ),
        Code(
            "250",
            _B7,
            "The request does not specify a civil or criminal law enforcement activity that is authorised by law.",
            "Specify the activity and the provision that authorises it.",
            True,
            "0.2.0",
        ),
        Code(
            "251",
            _F2,
            "The agency is not charged under applicable law with the protection of the public health or safety, or is no law enforcement agency.",
            "Cite the law that charges the agency.",
            True,
            "0.2.0",
        ),
        Code(
            "252",
            _F2,
            "The purpose for which the address is asked is not stated as one authorised by law.",
            "State the purpose and the law that authorises it.",
            True,
            "0.2.0",
        ),
        Code(
            "253",
            "13 U.S.C. 9(a)",
            "Information furnished under the census title is disclosed to no one for any purpose but the statistical one.",
            "",
            False,
            "0.2.0",
        ),
        Code(
            "254",
            f"{_B7}",
            "The requester is not known as an agency, or an instrumentality within or under the control of the United States.",
            "Register the agency, then sign a new cover.",
            True,
            "0.2.0",
        ),
        # 3xx: verification; never shown outside
        Code("301", "design section 5", "Exactly one record bears this name at this address.", "", False),
        Code("310", "design section 5", "The name is at another address only, or at none.", "", False),
        Code("320", "design section 5", "The address is known, the name is not at it.", "", False),
        Code("330", "design section 5", "More than one record bears this name at this address.", "", False),
        Code("331", "design section 5", "A stated datum contradicts the record.", "", False),
        Code("332", "design section 5", "The address is shared by too many filers.", "", False),
        Code(
            "333",
            "design section 5",
            "The model doubts that the one record found is the person asked about.",
            "",
            False,
        ),
        Code("340", "design section 5", "Nothing bears the stated address.", "", False),
        Code("350", f"{_2}(B)(ii)", "No address from a return in the requested periods.", "", False),
        # 4xx: plausibility
        Code(
            "401",
            "policy",
            "More lines than the agreement allows in one submission.",
            "Submit within the agreement.",
            True,
        ),
        Code(
            "402",
            "policy",
            "More matters than one officer can be personally and directly engaged in.",
            "Have each officer sign for their own matters.",
            True,
        ),
        Code(
            "403",
            "policy",
            "The same reasons stand in many lines.",
            "State the reason for each person.",
            True,
        ),
        Code(
            "404",
            "policy",
            "The same address is asked about again and again.",
            "Explain to the disclosure officer.",
            True,
        ),
        Code(
            "405",
            "policy",
            "More requests from this agency in a short time than is foreseen.",
            "Wait, or speak with the disclosure officer.",
            True,
        ),
        Code(
            "406",
            "policy",
            "Too large a share of the lines has no usable address.",
            "Check the source of the addresses.",
            True,
        ),
        Code(
            "407",
            "policy",
            "A matter came back without a field that contradicted before.",
            "Explain to the disclosure officer.",
            True,
        ),
        Code(
            "408",
            "policy",
            "More requests from this official in a short time than can be signed with care.",
            "Explain to the disclosure officer.",
            True,
        ),
        Code(
            "409",
            "policy",
            "A matter came back that a named officer refused before.",
            "Explain to the disclosure officer what has changed.",
            True,
        ),
        Code(
            "410",
            "policy",
            "The same case stands in many lines, or many cases were opened on one day.",
            "State the case in which each person is sought.",
            True,
        ),
        # 5xx: the requester
        Code(
            "501",
            "policy",
            "The signing key is not enrolled, or was revoked.",
            "Enrol the key, then sign a new cover.",
            True,
        ),
        Code(
            "502",
            "policy",
            "The agency is not registered.",
            "Register the agency, then sign a new cover.",
            True,
        ),
        Code(
            "503",
            "policy",
            "No agreement with the agency is in force for this ground.",
            "Conclude or renew the agreement.",
            True,
        ),
        Code(
            "504",
            "26 U.S.C. 6103(p)(4)",
            "The agency's safeguards are not accepted.",
            "Close the safeguard findings.",
            True,
        ),
        Code(
            "505",
            "policy",
            "The engaged officer has no enrolled key to which an answer could be sealed.",
            "Enrol the officer's key.",
            True,
        ),
        Code("506", "policy", "The signature does not verify.", "Sign again with the enrolled key.", True),
        Code(
            "507",
            "policy",
            "The certification of use is missing.",
            "Certify the use in the cover request.",
            True,
        ),
        Code(
            "508",
            "policy",
            "The ground, or the reading of it that the request was checked under, is not one this gateway answers under now.",
            "See `lawgate pack list`; sign a new cover for a ground answered here now.",
            True,
        ),
        # 509 to 514: calls of the API
        Code(
            "509",
            "RFC 9421",
            "The call is not signed as it must be, or its content is not the one that was signed.",
            "Sign method, address and content digest with an enrolled key, as docs/api.md says.",
            True,
        ),
        Code(
            "510",
            "RFC 9421, 7.2.2",
            "A call with this nonce was received before.",
            "Send it again with a new nonce and a new signature.",
            True,
        ),
        Code(
            "511",
            "RFC 9421, 2.3",
            "The call was not signed within a minute of the gateway's clock.",
            "Set the clock, and sign the call when it is sent.",
            True,
        ),
        Code("512", "policy", "The caller may not do this.", "Have somebody call whose part it is.", False),
        Code(
            "513",
            "policy",
            "There is nothing here under this address for the caller.",
            "See the description of the API, and the confirmation number.",
            False,
        ),
        Code(
            "514",
            "policy",
            "The call does not have the form that the description of the API gives.",
            "Correct what is named.",
            True,
        ),
        Code(
            "515",
            "policy",
            "The agency owes a certificate: an answer was called back, and its day has passed.",
            "Have the engaged officer destroy it and all copies, and certify that with `lawgate-verify destroyed`.",
            True,
        ),
        Code(
            "516",
            "policy",
            "The agency owes a statement that its agreement sets a day for: on use or closure, or on return or destruction.",
            "Have the engaged officer sign it with `lawgate-verify statement`, and enter it.",
            True,
            "0.2.0",
        ),
        # 6xx: the record's class and people's decisions
        Code(
            "601",
            "26 U.S.C. 6103(b)(3), (i)(2)(A)",
            "Taxpayer return information is not available on this ground.",
            "",
            False,
        ),
        Code("602", "26 U.S.C. 6103(i)(6)", "A determination stands against disclosure.", "", False),
        Code("603", "13 U.S.C. 9(a)", "A bar on the record: census information.", "", False, "0.2.0"),
        Code(
            "604",
            "8 U.S.C. 1367(a)(2)",
            "A bar on the record: information protected for applicants for relief.",
            "",
            False,
            "0.2.0",
        ),
        Code(
            "605",
            "38 U.S.C. 5701(a)",
            "A bar on the record: veterans' claims, names and addresses.",
            "",
            False,
            "0.2.0",
        ),
        Code(
            "606",
            "26 U.S.C. 6103(a)",
            "A bar on the record: returns and return information.",
            "",
            False,
            "0.2.0",
        ),
        Code(
            "607",
            "order of a court",
            "A bar on the record: a court protects this person.",
            "",
            False,
            "0.2.0",
        ),
        Code("610", "policy", "A named officer refused this line.", "See the provision named.", True),
        Code(
            "611",
            "policy",
            "A named officer returned this line as incomplete.",
            "Complete it and submit again.",
            True,
        ),
        # 7xx: stops
        Code(
            "701", "court or counsel's order", "A stop order is in force.", "Wait until it is lifted.", True
        ),
        # 9xx: the system
        Code("901", "policy", "The line waits for a named officer.", "Wait.", True),
        Code("902", "policy", "The line waits for release by a second person.", "Wait.", True),
        Code("903", "policy", "Too few witnesses have cosigned the log.", "Wait.", True),
        Code(
            "904",
            "policy",
            "Too few witnesses have cosigned the log for longer than is allowed; releases are stopped.",
            "Wait; an incident is open.",
            True,
        ),
        Code(
            "905",
            "policy",
            "The log's policy is not signed by its offline roots; releases are stopped.",
            "Wait until it is signed.",
            True,
        ),
        Code("906", "policy", "Too many calls within a minute.", "Wait, then call again.", True),
        Code(
            "907",
            "policy",
            "The idempotency key stands for another call, or for one that is still being answered.",
            "Use a new key for another call; else wait.",
            True,
        ),
        Code(
            "908",
            "policy",
            "The gateway failed. Doing the same again is safe.",
            "Call again; if it stays so, tell the record holder.",
            True,
        ),
        Code("920", "policy", "The sealer cannot be reached; releases wait.", "Wait.", True, "0.2.0"),
    )
}


RETIRED: dict[str, str] = {}
"""Numbers that were given out once and are not any more, with the reason. Their meaning stays: no new code gets one of them."""


def code(number: str) -> Code:
    """Return a code by its number. Raises KeyError for a number that was never given out."""
    return CODES[number]
