-- Opens a manifest, prints what the language server finds, applies the preferred fix and writes the file.
-- Only what Neovim 0.7 has is used. Called with: nvim --headless --clean -l or -S, see test_neovim.py.
local file, python, code = vim.env.ISVCLOG_FILE, vim.env.ISVCLOG_PYTHON, vim.env.ISVCLOG_CODE

local function finish(status)
  io.stdout:write(status .. "\n")
  vim.cmd("qall!")
end

local function main()
  vim.cmd("edit " .. vim.fn.fnameescape(file))
  local client = vim.lsp.start_client({ name = "isvclog", cmd = { python, "-c", code, "server" }, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(0, client)
  local found = {}
  vim.wait(30000, function()
    found = vim.diagnostic.get(0)
    return #found > 0
  end, 50)
  for _, each in ipairs(found) do
    io.stdout:write(string.format("%d:%d %s\n", each.lnum + 1, each.col + 1, tostring(each.code)))
  end
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = { line = 0, character = 0 }, ["end"] = { line = 1000, character = 0 } },
    context = { diagnostics = {} },
  }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 30000) or {}
  for _, answer in pairs(answers) do
    for _, action in ipairs(answer.result or {}) do
      if action.isPreferred then
        io.stdout:write(action.title .. "\n")
        vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
        vim.cmd("write")
        return finish("fixed")
      end
    end
  end
  finish("no fix")
end

local ok, problem = pcall(main)
if not ok then
  finish("failed: " .. tostring(problem))
end
