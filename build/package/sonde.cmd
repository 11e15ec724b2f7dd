@echo off
rem What a terminal of Windows starts. Sonde.exe belongs to windows, so a terminal would not wait for it; in a script it does.
rem A word of small letters is a command, which the program sees by itself (electron/shell/command-line.ts).
"%~dp0..\Sonde.exe" %*
exit /b %ERRORLEVEL%
