"""The console at /console: pages for those who supervise, guide and look after the accounts.

`add_console(app, Console(…))` puts it into an aiohttp application. **How to add a page**, say the
queue: a module `bot/console/queue.py` with its handlers and one `Page`,

    @allowed(StaffRole.SUPERVISOR, StaffRole.LEAD)
    async def show_queue(request: web.Request) -> web.Response:
        \"\"\"What needs me now, on top.\"\"\"
        console, account = request.app[CONSOLE], request[ACCOUNT]
        async with console.sessions() as session:
            cases = … area_of(account).where() …
        return render(request, "queue.html", {"words": texts.QUEUE, "cases": cases})

    @allowed(StaffRole.SUPERVISOR, StaffRole.LEAD)
    async def take_case(request: web.Request) -> web.Response:
        form = request[FORM]                     # a MultiDict; the frame has checked its token
        async with console.sessions() as session, session.begin():
            await services.move(session, console.desk, …, actor_of(account), console.now())
        return lead_to("/console/hang-cho", notice="taken")

    PAGE = Page((web.get("/hang-cho", show_queue), web.post("/hang-cho", take_case)), Place.QUEUE)

`PAGE` goes into `PAGES` of `pages.py`; the navigation then shows it to whom its first route allows.
Paths of routes are below /console; links in templates are whole (`/console/hang-cho`).

- A template extends `frame.html` (blocks `title`, `head`, `main`) and writes `{{ form_token() }}`
  into every form, which posts and is answered by `lead_to` (303). A script sends the token of
  `document.body.dataset.token` as `X-Form-Token`, and gets refusals in JSON.
- Words stand in `texts.py`, one section a page; notices and refusals there by their code. Raise
  `Refused(status, code, English reason)`: the page of `texts.REFUSALS[code]` is shown.
- A page's script `static/<page>.js` is loaded in block `head`:
  `<script type="module" src="{{ asset['queue.js'].url }}"></script>`. Nothing inline: the policy is
  `default-src 'self'`. Styles stand in console.css.
- A handler without `@allowed` or `@open_to_all` keeps the program from starting.
- `@allowed(…, counts=False)` on what a page calls by itself: else no session would ever be idle.
- Filters: `|moment` 22/11/2026 14:05, `|day` 22/11/2026, both in Vietnam.
- Tests: `staff = await signed_in(client, role=StaffRole.LEAD)` of tests/fakes/console.py, then
  `await staff.reads("/console/hang-cho")` and `await staff.posts("/console/hang-cho", case=7)`.
"""

from bot.console.frame import Console
from bot.console.site import add_console

__all__ = ["Console", "add_console"]
