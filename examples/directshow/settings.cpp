#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

const char kUsage[] =
    "publish.exe FILE.flv URL [OPTION...]\n"
    "\n"
    "Publishes an FLV file (H.264, AAC) in real time through a DirectShow graph.\n"
    "URL: rtmp://host[:port]/application+stream or rtmp://host/application/stream\n"
    "\n"
    "  --connect-first    connect before the graph starts\n"
    "  --live             live mode: the filter's inputs never block\n"
    "  --low-latency      connect first, no buffer, TCP no delay\n"
    "  --reconnect        connect again, for ever, when the connection is lost\n"
    "  --set NAME=VALUE   any option of the filter, e.g. --set chunk-size=4096\n"
    "  --annexb           give the video with start codes and no format block\n"
    "  --fast             no clock: as fast as the network takes it\n"
    "  --seconds N        stop after N seconds\n"
    "  --callback         take the status from a callback instead of from events\n"
    "  --filter FILE.ax   use this file, registered or not\n"
    "\n"
    "Ctrl+C stops. Ends with 0: all sent; 1: not all; 2: wrong command line.\n";

Settings::Settings()
    : connectFirst(false), live(false), lowLatency(false), reconnect(false), annexB(false), fast(false), callback(false), seconds(0)
{
}

namespace {

struct Switch {
    const wchar_t *name;
    bool Settings::*value;
};

const Switch kSwitches[] = {
    {L"--connect-first", &Settings::connectFirst},
    {L"--live", &Settings::live},
    {L"--low-latency", &Settings::lowLatency},
    {L"--reconnect", &Settings::reconnect},
    {L"--annexb", &Settings::annexB},
    {L"--fast", &Settings::fast},
    {L"--callback", &Settings::callback},
};

bool readSwitch(const wchar_t *argument, Settings *settings)
{
    for (size_t i = 0; i < sizeof kSwitches / sizeof *kSwitches; i++)
        if (wcscmp(argument, kSwitches[i].name) == 0) {
            settings->*kSwitches[i].value = true;
            return true;
        }
    return false;
}

// readValue takes the switches that have a value behind them.
bool readValue(const wchar_t *name, const wchar_t *value, Settings *settings)
{
    if (wcscmp(name, L"--filter") == 0) {
        settings->module = value;
    } else if (wcscmp(name, L"--seconds") == 0) {
        settings->seconds = (unsigned)wcstoul(value, NULL, 10);
    } else if (wcscmp(name, L"--set") == 0) {
        const wchar_t *equals = wcschr(value, L'=');
        if (!equals)
            return false;
        settings->options.push_back(std::make_pair(std::wstring(value, equals), std::wstring(equals + 1)));
    } else {
        return false;
    }
    return true;
}

} // namespace

bool Settings::Read(int argc, wchar_t **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != L'-') {
            std::wstring *next = file.empty() ? &file : &url;
            if (!url.empty()) {
                fprintf(stderr, "too many arguments\n");
                return false;
            }
            *next = argv[i];
        } else if (!readSwitch(argv[i], this)) {
            if (i + 1 >= argc || !readValue(argv[i], argv[i + 1], this)) {
                // The argument may be a mistyped URL: it is not printed.
                fprintf(stderr, "argument %d is unknown, or its value is missing or wrong\n", i);
                return false;
            }
            i++;
        }
    }
    if (url.empty()) {
        fprintf(stderr, "a file and a URL are needed\n");
        return false;
    }
    return true;
}
