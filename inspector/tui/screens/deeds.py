"""What is done from the list and from an exchange: send, edit, mark, delete, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from inspector.message import Request
from inspector.tui.changes import Change, ChangeError
from inspector.tui.reading import Opened
from inspector.tui.screens.copying import Copying
from inspector.tui.views import DIFFERENCE
from inspector.tui.widgets.filter_bar import FilterBar

if TYPE_CHECKING:
    from inspector.gateway.explain import Try
    from inspector.replay.templates import Passage
    from inspector.tui.debugging import Found
    from inspector.tui.renewal import Renewal


class Deeds(Copying):
    """A part of the main screen: what its keys do, but for copying."""

    _scratch = "#set($body = $input.path('$'))\n{\n  \"all of it\": $input.json('$')\n}\n"

    # ── sending ───────────────────────────────────────────────────────────────────────────────

    def action_replay(self) -> None:
        """Send the request again through the gateway."""
        self._main.with_current(lambda opened: self._send(opened, opened.exchange.request))

    def action_direct(self) -> None:
        """Send it again straight to the backend."""
        self._main.with_current(self._direct)

    def _direct(self, opened: Opened) -> None:
        from inspector.tui import sending  # noqa: PLC0415  httpx, only when something is sent

        path, exchange, places = self._app.db, opened.exchange, self._app.places
        self.say("Sent to the backend …")
        self.in_thread(
            lambda: sending.to_backend(path, exchange, places, opened.id),
            self._answered,
            sending.NotSentError,
        )

    def action_edit(self) -> None:
        """Edit the request of the exchange, then send it."""
        self._main.with_current(self._edit)

    def action_renew(self) -> None:
        """Send the request again, good again: signed anew, or with its token made anew."""
        self._main.with_current(lambda opened: self._renewed(opened, opened.exchange.request))

    def action_edit_renew(self) -> None:
        """Edit the request, then the same."""
        self._main.with_current(lambda opened: self._edit(opened, self._renewed))

    def _renewed(self, opened: Opened, request: Request) -> None:
        self._made(lambda renewal: renewal.renew(request), lambda fresh: self._send(opened, fresh))

    def _made(self, make: Callable[[Renewal], Request], then: Callable[[Request], None]) -> None:
        """What can sign and mint here makes a request; said where nothing can, or it cannot."""
        from inspector.replay.minting import NoTokenError  # noqa: PLC0415  only when asked
        from inspector.replay.renewing import NotRenewedError  # noqa: PLC0415  the same

        renewal = self._app.renewal
        if renewal is None:
            self.say("No gateway is running here: `inspector up` starts one.", bad=True)
        else:
            self.in_thread(lambda: make(renewal), then, NotRenewedError, NoTokenError)

    def _edit(
        self,
        opened: Opened,
        send: Callable[[Opened, Request], None] | None = None,
        proposed: Request | None = None,
    ) -> None:
        from inspector.replay.edit import from_text, to_text  # noqa: PLC0415  the same
        from inspector.tui.screens.editor import EditorScreen  # noqa: PLC0415  large, and rare

        draft = to_text(proposed or opened.exchange.request)

        def then(request: Request | None) -> None:
            if request is not None:
                (send or self._send)(opened, request)

        screen = EditorScreen(
            draft.text, lambda text: from_text(text, draft), "request.http", "send"
        )
        self.app.push_screen(screen, then)

    def _send(self, opened: Opened, request: Request) -> None:
        from inspector.tui import sending  # noqa: PLC0415  httpx, only when something is sent

        path, url, exchange = self._app.db, self._app.url, opened.exchange
        self.in_thread(
            lambda: sending.through_gateway(path, exchange, request, url, opened.id),
            self._answered,
            sending.NotSentError,
        )

    def _answered(self, number: int | None, view: int = DIFFERENCE) -> None:
        if number is None:
            self.say("It was answered, but the recording does not have it yet.", bad=True)
        else:
            self._main.show_number(number, view)

    # ── what the explanation proposes ─────────────────────────────────────────────────────────

    def action_remedy(self) -> None:
        """Try what the explanation proposes."""
        self._main.with_current(self._remedies)

    def _remedies(self, opened: Opened) -> None:
        from inspector.tui import remedies  # noqa: PLC0415  the core, only when it is asked

        def then(tries: Sequence[Try]) -> None:
            from inspector.tui.screens.remedies import RemediesScreen  # noqa: PLC0415  the same

            if not tries:
                response = opened.exchange.response
                well = response is not None and response.status < 400
                self.say("Nothing went wrong: there is nothing to try." if well else
                         "Nothing can be tried at once: 0 Explain says what happened.")  # fmt: skip
                return
            self.app.push_screen(RemediesScreen(tries), partial(self._remedied, opened))

        self.in_thread(lambda: remedies.of(opened), then)

    def _remedied(self, opened: Opened, chosen: Try | None) -> None:
        from inspector.tui import remedies  # noqa: PLC0415  the same

        if chosen is None:
            return
        if chosen.kind == "wait":
            self.set_timer(
                (chosen.wait_ms or 0) / 1000 + 0.05,
                lambda: self._send(opened, opened.exchange.request),
            )
            self.say("It is sent again in a moment …")
        elif chosen.kind == "sign" and chosen.region is not None:
            region = chosen.region
            self._made(
                lambda renewal: renewal.sign(opened.exchange.request, region),
                lambda fresh: self._send(opened, fresh),
            )
        elif chosen.kind == "token":
            self._made(
                lambda renewal: renewal.mint(opened.exchange, opened.bundle),
                lambda fresh: self._edit(opened, proposed=fresh),
            )
        elif chosen.kind == "forget":
            db = self._app.db

            def forgotten(said: str) -> None:
                self.say(said)
                self._send(opened, opened.exchange.request)

            self.in_thread(lambda: remedies.forget(db, chosen), forgotten, remedies.NoAnswerError)
        elif chosen.request is not None:
            self._edit(opened, proposed=chosen.request)
        else:
            self.say(remedies.told(chosen))

    def action_step(self) -> None:
        """Step through the templates of the exchange."""
        self._main.with_current(self._step)

    def _step(self, opened: Opened) -> None:
        from inspector.tui import debugging  # noqa: PLC0415  the engine, only when it is used

        path = self._app.db

        def then(found: debugging.Found) -> None:
            from inspector.tui.screens.debugger import DebuggerScreen  # noqa: PLC0415  the same

            self.app.push_screen(DebuggerScreen(opened, found))

        self.in_thread(
            lambda: debugging.find(path, opened.exchange), then, debugging.NothingToStepError
        )

    def action_try(self) -> None:
        """Write a template and try it on the request of the exchange."""
        self._main.with_current(self._try)

    def _try(self, opened: Opened) -> None:
        from inspector.tui import debugging  # noqa: PLC0415  the engine, only when it is used

        path = self._app.db

        def then(grounds: list[Passage]) -> None:
            from inspector.tui.screens.debugger import DebuggerScreen  # noqa: PLC0415  the same
            from inspector.tui.screens.editor import EditorScreen  # noqa: PLC0415  the same

            def run(found: Found | None) -> None:
                if found is not None:
                    screen = DebuggerScreen(opened, found)
                    self.app.push_screen(screen, lambda _: self._remember(found))

            def accept(text: str) -> Found:
                return debugging.scratch(grounds, text)

            self.app.push_screen(EditorScreen(self._scratch, accept, "scratch.vtl", "run"), run)

        self.in_thread(
            lambda: debugging.grounds_of(path, opened.exchange), then, debugging.NothingToStepError
        )

    def _remember(self, found: Found) -> None:
        self._scratch = found.templates[0].debugger.recorded.template

    # ── changing ──────────────────────────────────────────────────────────────────────────────

    def action_mark(self) -> None:
        """Make the exchange a favourite, or no longer."""
        row = self._main.current()
        if row is not None:
            changes, number, marked = self._app.changes, row.id, not row.marked
            self.in_thread(lambda: changes.mark(number, marked=marked), self._reread, ChangeError)

    def _marked(self, _said: str) -> None:
        self._main.feed.reread()

    def action_delete(self) -> None:
        """Delete the exchange under the cursor."""
        row = self._main.current()
        if row is None:
            return
        changes, number, feed = self._app.changes, row.id, self._main.feed

        def then(said: str) -> None:
            feed.forget(number)
            self.say(said)

        self.in_thread(lambda: changes.delete(number), then, ChangeError)

    def action_clear(self) -> None:
        """Show only what comes from now on, and the marked."""
        self._filter(f"id:>{self._main.feed.newest} or marked:yes")
        self.say("The list is cleared: nothing is deleted, u brings it back.")

    def action_connection(self) -> None:
        """Show only the events of the WebSocket that the exchange belongs to."""
        row = self._main.current()
        if row is None or row.connection is None:
            self.say("It belongs to no WebSocket.")
            return
        self._filter(f"connection:{row.connection}")
        self.say("The events of this WebSocket, and the calls about it; u brings the list back.")

    def _filter(self, text: str) -> None:
        """Another filter, which undo takes back."""
        typed = self.query_one(FilterBar).input
        before = typed.value

        def undo() -> None:
            self._post(partial(setattr, typed, "value", before))

        self._app.changes.remember(Change("The list is as it was.", undo))
        typed.value = text

    def action_undo(self) -> None:
        """Take the last change back."""
        self.in_thread(self._app.changes.undo, self._reread, ChangeError)

    def _reread(self, said: str) -> None:
        self._main.feed.reread()
        self.say(said)

    # ── around ────────────────────────────────────────────────────────────────────────────────

    def action_help(self) -> None:
        """All keys."""
        from inspector.tui.screens.help import HelpScreen  # noqa: PLC0415  not needed to start

        self.app.push_screen(HelpScreen(self._app.keymap))

    def action_notices(self) -> None:
        """What was told."""
        from inspector.tui.screens.notices import NoticesScreen  # noqa: PLC0415  the same

        self.app.push_screen(NoticesScreen(self._main.notices))

    def action_caller(self) -> None:
        """Simulate a caller."""
        from inspector.tui.screens.caller import CallerScreen  # noqa: PLC0415  the same

        if not self._app.url:
            self.say("No gateway is running here: `inspector up` starts one.")
            return
        self.app.push_screen(CallerScreen(self._app.db), self._called)

    def action_state(self) -> None:
        """Look at what the gateway remembers."""
        from inspector.tui.screens.state import StateScreen  # noqa: PLC0415  the same

        if not self._app.url:
            self.say("No gateway is running here: `inspector up` starts one.")
            return
        self.app.push_screen(StateScreen(self._app.db))

    def _called(self, caller: str | None) -> None:
        if caller is not None:
            self._main.tell(caller=caller)

    def action_form(self) -> None:
        """The body in another form."""
        if self._main.pane.display:
            self.say(f"Bodies {self._main.pane.next_form()}.")

    def action_mouse(self) -> None:
        """Free the mouse for the terminal's own selection, or take it back."""
        free = self._app.free_mouse()
        self.say("The mouse is the terminal's: select as usual, M takes it back." if free
                 else "The mouse is ours again.")  # fmt: skip
