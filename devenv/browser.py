"""Headless Chromium, driven through its DevTools protocol: enough to sign in to Odoo, click and take pictures."""

import base64
import json
import subprocess
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import websocket

from devenv import chromium
from devenv.errors import DevError
from devenv.processes import start_group, stop_group

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--lang=en-US"),
    *("--force-color-profile=srgb", "--remote-allow-origins=*", "--remote-debugging-port=0"),
)
QUIET = 0.3  # seconds without a request, then a page counts as drawn
#: Counts what a page waits for, from before its first script on.
COUNTER = """
window.pendingRequests = 0;
window.lastRequest = performance.now();
for (const [owner, name] of [[XMLHttpRequest.prototype, "send"], [window, "fetch"]]) {
    const original = owner[name];
    const ended = () => { window.pendingRequests--; window.lastRequest = performance.now(); };
    owner[name] = function (...given) {
        window.pendingRequests++;
        if (name === "send") this.addEventListener("loadend", ended, { once: true });
        const answer = original.apply(this, given);
        if (name === "fetch") answer.then(ended, ended);
        return answer;
    };
}
"""
SETTLED = """
document.readyState === "complete" && !window.pendingRequests && !document.querySelector(".o_blockUI, .o_loading_indicator")
    && performance.now() - window.lastRequest > %d
    && (!document.querySelector(".o_web_client") || document.querySelector(".o_action_manager > *, .modal"))
"""


class Browser:
    """One tab, as a context manager. `problems` collects what a person would call an error: uncaught exceptions, errors
    on the console, and requests that failed."""

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        self.problems: list[str] = []
        self._size = width, height
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._number = 0

    def __enter__(self):
        command = [chromium.ensure(), *FLAGS, f"--user-data-dir={self._folder.name}", "about:blank"]
        self._process = start_group(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._socket = websocket.create_connection(self._page(), timeout=60)
            for domain in ("Page", "Runtime", "Log"):
                self._call(f"{domain}.enable")
            self._call("Page.addScriptToEvaluateOnNewDocument", source=COUNTER)
            self.resize(*self._size)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        stop_group(self._process, seconds=2)
        self._folder.cleanup()

    def resize(self, width: int, height: int) -> None:
        """The size of the page in pixels."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is drawn."""
        self._call("Page.navigate", url="about:blank")  # an address that differs in its hash only would load nothing
        self._call("Page.navigate", url=url)
        self.settle()

    def sign_in(self, base: str, login: str, password: str) -> None:
        """Sign in to Odoo as another user than before."""
        self._call("Network.clearBrowserCookies")
        self.open(f"{base}/web/login")
        self.run("localStorage.clear();")  # the web client keeps the menus of the user before
        self.run(
            f"""const form = document.querySelector("form.oe_login_form");
            form.login.value = {json.dumps(login)}; form.password.value = {json.dumps(password)}; form.submit();"""
        )
        self.wait("!!document.querySelector('.o_main_navbar')", f"the web client of {login}")
        self.settle()

    def run(self, code: str) -> object:
        """Run statements of JavaScript; what they `return`, as plain data.

        :raises DevError: they throw.
        """
        wrapped = f"(async () => {{ {code} }})()"
        answer = self._call("Runtime.evaluate", expression=wrapped, awaitPromise=True, returnByValue=True)
        if failure := answer.get("exceptionDetails"):
            raise DevError(f"In the browser: {_first_line(failure)} ({code.strip()[:120]})")
        return answer["result"].get("value")

    def wait(self, condition: str, what: str, seconds: float = 60) -> None:
        """Wait until an expression of JavaScript holds.

        :param what: what is waited for, for the message
        :raises DevError: it does not in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(DevError):  # the page is being replaced
                if self.run(f"return Boolean({condition});"):
                    return
            time.sleep(0.05)
        raise DevError(f"{what} did not appear within {seconds:.0f} s")

    def settle(self) -> None:
        """Wait until the page has asked for nothing for a moment."""
        self.wait(SETTLED % (QUIET * 1000), "the end of loading")

    def click(self, selector: str, text: str | None = None) -> None:
        """Click the first visible element of a selector, of those that show a text when one is given, and let it settle.

        :raises DevError: there is none.
        """
        wanted = f"{selector} {text!r}" if text else selector
        code = f"""const found = [...document.querySelectorAll({json.dumps(selector)})].find((element) =>
            element.getClientRects().length && (!{json.dumps(text)} || element.textContent.includes({json.dumps(text)})));
            found?.scrollIntoView({{ block: "center" }}); found?.click(); return Boolean(found);"""
        deadline = time.monotonic() + 15
        while not self.run(code):
            if time.monotonic() > deadline:
                raise DevError(f"there is no {wanted} to click")
            time.sleep(0.1)
        self.settle()

    def fill(self, selector: str, text: str) -> None:
        """Type into a field, in place of what it holds.

        :raises DevError: there is none.
        """
        self.click(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).select();")
        self._call("Input.insertText", text=text)

    def picture(self) -> bytes:
        """What is seen, as PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])

    def take_problems(self) -> list[str]:
        """The problems since the last call."""
        self.run("return 0;")  # reads what the browser has to tell
        taken, self.problems = self.problems, []
        return taken

    def _page(self) -> str:
        port_file = Path(self._folder.name, "DevToolsActivePort")
        deadline = time.monotonic() + 60
        while not (port_file.exists() and (text := port_file.read_text().split())):
            if time.monotonic() > deadline:
                raise DevError("Chromium does not start")
            time.sleep(0.1)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{text[0]}/json", timeout=30) as answer:
            return next(target["webSocketDebuggerUrl"] for target in json.load(answer) if target["type"] == "page")

    def _call(self, method: str, **params: object) -> dict:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == self._number:
                if "error" in message:
                    raise DevError(f"Chromium refuses {method}: {message['error'].get('message')}")
                return message["result"]
            self._note(message.get("method"), message.get("params") or {})

    def _note(self, event: str | None, params: dict) -> None:
        if event == "Runtime.exceptionThrown":
            self.problems.append(_first_line(params["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            shown = [str(part.get("value") or part.get("description") or "") for part in params["args"]]
            self.problems.append(" ".join(shown)[:2000])
        elif event == "Log.entryAdded" and params["entry"]["level"] == "error":
            if params["entry"]["source"] == "intervention":
                return  # the browser refuses to ask about unsaved changes of a page that no hand has touched
            self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())


def _first_line(failure: dict) -> str:
    thrown = failure.get("exception") or {}
    return str(thrown.get("description") or thrown.get("value") or failure.get("text"))[:2000]
