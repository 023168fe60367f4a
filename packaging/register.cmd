@echo off
rem Registers the filter where it lies, for 64-bit and for 32-bit programs:
rem
rem   register.cmd [/u] [/q]
rem
rem /u takes it out of the registry again; /q does not wait for a key at the end.
rem It must be started as administrator.
setlocal
set switch=
set done=registered
set wait=yes
for %%a in (%*) do (
    if /i "%%a"=="/u" set switch=/u
    if /i "%%a"=="/u" set done=unregistered
    if /i "%%a"=="/q" set wait=
)

rem A 32-bit cmd.exe sees the 64-bit system folder under another name.
set machine=%PROCESSOR_ARCHITECTURE%
set native=%SystemRoot%\System32
if defined PROCESSOR_ARCHITEW6432 set machine=%PROCESSOR_ARCHITEW6432%
if defined PROCESSOR_ARCHITEW6432 set native=%SystemRoot%\Sysnative
set failed=0
if /i "%machine%"=="x86" goto only32

call :one "%native%\regsvr32.exe" "%~dp0x64\nRtmpRenderer.ax" "64-bit programs"
rem Without this one, Windows runs no 32-bit programs.
if not exist "%SystemRoot%\SysWOW64\regsvr32.exe" goto end
call :one "%SystemRoot%\SysWOW64\regsvr32.exe" "%~dp0x86\nRtmpRenderer.ax" "32-bit programs"
goto end

:only32
call :one "%native%\regsvr32.exe" "%~dp0x86\nRtmpRenderer.ax" "32-bit programs"

:end
if defined wait pause
exit /b %failed%

:one
if not exist %2 goto missing
"%~1" /s %switch% %2
set code=%errorlevel%
if "%code%"=="0" echo %~3: %done%
if "%code%"=="0" exit /b 0
set failed=1
echo %~3: NOT %done%: regsvr32 ended with %code%
if "%code%"=="3" echo   %~2 could not be loaded: is it damaged, or blocked by a virus scanner?
if "%code%"=="5" echo   The registry refused it: start this file with "Run as administrator".
exit /b 0

:missing
set failed=1
echo %~3: NOT %done%: %~2 is missing; unpack the whole archive first
exit /b 0
