"""zalo_sdk against the fake OpenAPI: a real client, run by another environment's Python.

``python -m tests.fakes.zalo_oa_client ORIGIN APP_ID SECRET REFRESH_TOKEN USER`` prints what it saw
as one line of JSON. The SDK has Zalo's OAuth host in its code; there the fake is put in its place.
"""

import json
import sys

REQUIREMENTS = ("zalo_sdk==0.3.0", "requests")
OAUTH = "https://oauth.zaloapp.com"


def main(origin: str, app_id: str, secret: str, refresh_token: str, user: str) -> None:
    import requests
    from zalo_sdk import ZaloException
    from zalo_sdk.oa import Client, ZaloAttachment, ZaloMessageBody, ZaloRecipient

    send = requests.Session.request

    def to_the_fake(self, method, url, **rest):
        return send(self, method, url.replace(OAUTH, origin), **rest)

    requests.Session.request = to_the_fake
    seen: dict[str, object] = {}
    client = Client(app_id, secret, "", refresh_token, endpoint_prefix=origin)
    client.refresh_acccess_token()
    seen["token"] = client.access_token
    to = ZaloRecipient(user_id=user)
    seen["sent"] = client.send_message(to, ZaloMessageBody(text="chào bạn"))
    buttons = [{"title": "Một", "type": "oa.query.hide", "payload": "#dh:1.0"}]
    template = ZaloAttachment("template", {"buttons": buttons})
    too_many = ZaloAttachment("template", {"buttons": buttons * 6})
    seen["offered"] = client.send_message(to, ZaloMessageBody("chọn nhé", template))
    seen["person"] = client.get_user_detail(user)["data"]["display_name"]
    seen["quota"] = client.get_zalo_user_quotas(user)["data"]["cs_reply"]["remain"]
    seen["upload"] = client.upload_file(b"%PDF-", "file", "a.pdf", "application/pdf")["data"]
    seen["refused"] = []
    spent = Client(app_id, secret, "", refresh_token, endpoint_prefix=origin)
    stale = Client(app_id, secret, "access-0", "", endpoint_prefix=origin)
    for attempt in (
        lambda: client.send_message(to, ZaloMessageBody(text="x" * 2001)),
        lambda: client.send_message(to, ZaloMessageBody("x", too_many)),
        lambda: client.send_message(ZaloRecipient(), ZaloMessageBody(text="x")),
        lambda: stale.send_message(to, ZaloMessageBody(text="x")),
        spent.refresh_acccess_token,
        lambda: client.send_message(to, ZaloMessageBody(text="x"), category="action"),
    ):
        try:
            attempt()
        except ZaloException as error:
            seen["refused"].append(error._code)
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
