"""Chromium without a window, driven through chromedriver: WebDriver over HTTP, by Python's standard library alone."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


def programs():
    """The two programs, or None where one is not installed."""
    driver = shutil.which("chromedriver")
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return (driver, browser) if driver and browser else None


class Browser:
    def __init__(self, width=1280, height=900):
        driver, browser = programs()
        self.folder = tempfile.TemporaryDirectory()
        log = open(os.path.join(self.folder.name, "log"), "w+")
        # It chooses a free port itself, and says which.
        self.driver = subprocess.Popen([driver, "--port=0"], stdout=log, stderr=subprocess.STDOUT)
        try:
            port = self._port(log.name)
            self.base = f"http://127.0.0.1:{port}"
            options = {
                "binary": browser,
                "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--disable-sync",
                         "--disable-dev-shm-usage", f"--user-data-dir={self.folder.name}/profile",
                         f"--window-size={width},{height}"],
            }
            logs = {"browser": "ALL", "performance": "ALL"}
            wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs}
            answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
            self.base += "/session/" + answer["sessionId"]
        except BaseException:
            self.driver.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.folder.cleanup()

    def _port(self, log):
        for _ in range(300):
            with open(log) as file:
                for line in file:
                    if "started successfully on port" in line:
                        return int(line.split("port")[1].strip(" .\n"))
            if self.driver.poll() is not None:
                break
            time.sleep(0.1)
        with open(log) as file:
            raise RuntimeError("chromedriver does not start: " + file.read())

    def _call(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def open(self, path):
        """Loads a file and waits until its scripts are through."""
        self._call("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *arguments):
        """What the body of a function of JavaScript returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, condition, what, seconds=20):
        for _ in range(int(seconds * 20)):
            if self.run("return " + condition):
                return
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s: {what}")

    def press(self, key):
        """A key of the keyboard, to whatever has the focus. Special keys by WebDriver's code points."""
        actions = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def cdp(self, command, **parameters):
        """A command of Chromium's own protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def media(self, kind="", scheme="light"):
        """As if printed, or as if the reader's machine were dark."""
        self.cdp("Emulation.setEmulatedMedia", media=kind, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, path, whole=False):
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def printed(self):
        """The pages of a PDF, as bytes."""
        return base64.b64decode(self._call("POST", "/print", {}))

    def complaints(self):
        """What the console has said since it was last asked: warnings and errors."""
        said = self._call("POST", "/se/log", {"type": "browser"})
        return [each["message"] for each in said if each["level"] in ("WARNING", "SEVERE")]

    def requested(self):
        """Every address that was asked for since it was last asked, but for pages of the browser's own."""
        out = []
        for each in self._call("POST", "/se/log", {"type": "performance"}):
            message = json.loads(each["message"])["message"]
            if message["method"] != "Network.requestWillBeSent":
                continue
            if not message["params"]["documentURL"].startswith("chrome:"):
                out.append(message["params"]["request"]["url"])
        return out
