"""A real editor: Neovim without a window shows a finding and applies a fix, also with the settings of the page."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

SCRIPT = Path(__file__).with_name("neovim.lua")
PAGE = Path(__file__).parents[2] / "docs" / "editors.md"
EXAMPLE = Path(__file__).parents[2] / "examples" / "15-lower-case-header.yaml"


@pytest.mark.skipif(shutil.which("nvim") is None, reason="nvim is not installed")
def test_neovim_shows_a_finding_and_applies_a_fix(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    file = Path(shutil.copy(EXAMPLE, tmp_path / "isvc.yaml"))
    environment = {
        **os.environ,
        "ISVCLOG_FILE": str(file),
        "ISVCLOG_PYTHON": sys.executable,
        "ISVCLOG_CODE": "from isvclog.cli.main import run; run()",
        "XDG_STATE_HOME": str(tmp_path),
    }
    command = ["nvim", "--headless", "--clean", "-n", "-S", str(SCRIPT)]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    lines = [line.strip() for line in ended.stdout.splitlines() if line.strip()]
    assert lines == [
        "17:11 non-canonical-header",
        "18:11 duplicate-header",
        "Write `X-Request-Id`",
        "fixed",
    ], ended.stdout + ended.stderr
    assert "- X-Request-Id\n" in file.read_text(encoding="utf-8")


BOTH = """\
local newer, older = loadfile("newer.lua"), loadfile("older.lua")
assert(newer and older)
if vim.lsp.config then newer() else older() end
vim.cmd("filetype on")
vim.cmd("edit isvc.yaml")
vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end, 50)
for _, each in ipairs(vim.diagnostic.get(0)) do
  io.stdout:write(tostring(each.code) .. "\\n")
end
local names = {}
for _, client in ipairs(vim.lsp.buf_get_clients and vim.lsp.buf_get_clients() or vim.lsp.get_clients()) do
  table.insert(names, client.name .. " " .. vim.fn.json_encode(client.config.init_options))
end
io.stdout:write(table.concat(names, ",") .. "\\n")
vim.cmd("qall!")
"""


@pytest.mark.skipif(shutil.which("nvim") is None, reason="nvim is not installed")
def test_neovim_takes_the_settings_of_the_page(tmp_path: Path) -> None:
    """The settings are those for this Neovim; those for others are Lua at least."""
    (tmp_path / ".git").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "isvc.yaml")
    newer, older = re.findall(r"```lua\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for name, text in (("newer", newer), ("older", older), ("both", BOTH)):
        (tmp_path / f"{name}.lua").write_text(text, encoding="utf-8")
    program = tmp_path / "bin" / "isvclog"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom isvclog.cli.main import run\nrun()\n", encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_STATE_HOME": str(tmp_path),
    }
    command = ["nvim", "--headless", "--clean", "-n", "-S", "both.lua"]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    *rules, client = [line.strip() for line in ended.stdout.splitlines() if line.strip()]
    assert rules == ["non-canonical-header", "duplicate-header"], ended.stdout + ended.stderr
    name, _, options = client.partition(" ")
    assert (name, json.loads(options)) == ("isvclog", {"debounce": 100})
