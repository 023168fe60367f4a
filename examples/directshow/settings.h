// What the command line asks for.
#pragma once

#include <string>
#include <utility>
#include <vector>

struct Settings {
    Settings();

    std::wstring file, url;
    std::wstring module; // the filter's file, when it is not to be found by its CLSID
    bool connectFirst, live, lowLatency, reconnect;
    bool annexB, fast, callback;
    unsigned seconds; // 0: the whole file
    std::vector<std::pair<std::wstring, std::wstring> > options; // by their names, e.g. chunk-size

    // Read tells false when the command line is wrong, and what it was on
    // standard error.
    bool Read(int argc, wchar_t **argv);
};

extern const char kUsage[];
