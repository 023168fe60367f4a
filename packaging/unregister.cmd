@echo off
rem Takes the filter out of the registry; the files stay. Start it as administrator.
rem "unregister.cmd /q" does not wait for a key.
"%~dp0register.cmd" /u %*
