@node "%~dp0..\code.mjs" %*
