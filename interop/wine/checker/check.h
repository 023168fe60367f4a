// check.h: what every checker program prints and how it ends.
//
// A checker is a list of sections, each about one observable behaviour of the
// filter, numbered as in the list of behaviours:
//
//     static void classID() { CHECK_HR(filter->GetClassID(&id), S_OK); }
//     int main(int argc, char **argv)
//     {
//         static const Section all[] = { { 18, "GetClassID", classID }, … };
//         return runSections("pins", all, std::size(all), argc, argv);
//     }
//
// Usage of every program: NAME.exe [URL…] [PATH.ax] [NUMBER…]. With numbers only
// those sections run. checkURL() is the last URL, or the given one.
//
// Each check prints one line, `ok ITEM text` or `FAIL ITEM text: got …`; the last
// line is `NAME: N passed, M failed`. Exit code 0 is all passed, 1 a failure, 2 a
// section that took longer than its limit, 3 a crash.
//
//     CHECK(condition, "format", …)         any condition; on failure prints "got false"
//     CHECK_HR(call, want)                  an HRESULT
//     CHECK_HR_OF(call, want, want, …)      one of several HRESULTs
//     CHECK_EQ(value, want)                 two whole numbers
//     CHECK_BETWEEN(value, low, high)       a number within bounds, both inclusive
//     QUIET(condition, "format", …)         as CHECK, silent when it holds: for loops
//     CHECK_SAFE(call)                      the call fails with E_POINTER or E_INVALIDARG
// All yield a bool: whether it held. `item(n)` changes the number that later lines
// carry and starts its time anew; `limit(s)` allows the present item s seconds.
// Any thread may check.
#pragma once
#define NO_DSHOW_STRSAFE
#include <dshow.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

struct Section {
    int item;
    const char *text;
    void (*check)();
};

// The state of the run. One program, one run.
struct CheckRun {
    CRITICAL_SECTION lock;
    const char *name = "";
    int passed = 0, failed = 0;
    volatile LONG item = 0;
    const char *volatile text = "", *volatile call = ""; // call: what may hang, for the watchdog
    volatile LONG began = 0, allowed = 0; // of the item, ms of patientTime
    std::string url, ax;
    std::vector<std::string> urls;
    bool urlGiven = false;
};
inline CheckRun checkRun;

inline DWORD WINAPI countTicks(void *ticks)
{
    const DWORD interval = 10;
    // A wait that passes through what all threads wait for.
    HANDLE never = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    while (WaitForSingleObject(never, interval) == WAIT_TIMEOUT)
        InterlockedExchangeAdd((LONG *)ticks, interval);
    return 0;
}

// patientTime counts milliseconds as a thread sees them that waits again and again:
// on a machine with too much to do it goes slower than the clock, as everything else
// does. Limits in time are measured with it.
inline LONG patientTime()
{
    static volatile LONG ticks = 0;
    static const HANDLE counter = CreateThread(nullptr, 0, countTicks, (void *)&ticks, 0, nullptr);
    return counter ? ticks : 0;
}

// waitUntil waits for a condition, for ms of patientTime, and tells whether it came.
template <class Condition> bool waitUntil(DWORD ms, Condition condition)
{
    for (LONG began = patientTime(); !condition(); Sleep(5))
        if (DWORD(patientTime() - began) > ms)
            return false;
    return true;
}

const DWORD usualLimit = 20; // seconds that an item may take

inline void item(int number)
{
    checkRun.item = number;
    checkRun.began = patientTime();
}

inline void limit(DWORD seconds)
{
    checkRun.allowed = seconds * 1000;
    checkRun.began = patientTime();
}

// checkURL is the URL given to the program, or fallback.
inline const char *checkURL(const char *fallback = "rtmp://127.0.0.1:1/live+x")
{
    return checkRun.urlGiven ? checkRun.url.c_str() : fallback;
}

inline std::wstring wide(const std::string &text)
{
    return std::wstring(text.begin(), text.end());
}

inline std::string narrow(const WCHAR *text)
{
    std::string out;
    for (; text && *text; text++)
        out += *text < 127 ? char(*text) : '?';
    return text ? out : "NULL";
}

// hrName writes a result as its name, where it is a usual one, and its number.
inline std::string hrName(HRESULT hr)
{
    static const struct { HRESULT hr; const char *name; } names[] = {
#define NAMED(x) { x, #x }
        NAMED(S_OK), NAMED(S_FALSE), NAMED(E_POINTER), NAMED(E_INVALIDARG), NAMED(E_NOTIMPL), NAMED(E_NOINTERFACE), NAMED(E_FAIL), NAMED(E_UNEXPECTED),
        NAMED(E_OUTOFMEMORY), NAMED(E_ABORT), NAMED(CLASS_E_NOAGGREGATION), NAMED(CLASS_E_CLASSNOTAVAILABLE), NAMED(REGDB_E_CLASSNOTREG),
        NAMED(VFW_E_NOT_STOPPED), NAMED(VFW_E_NOT_CONNECTED), NAMED(VFW_E_ALREADY_CONNECTED), NAMED(VFW_E_INVALID_DIRECTION), NAMED(VFW_E_INVALIDMEDIATYPE),
        NAMED(VFW_E_TYPE_NOT_ACCEPTED), NAMED(VFW_E_NO_ALLOCATOR), NAMED(VFW_E_NOT_FOUND), NAMED(VFW_E_WRONG_STATE), NAMED(VFW_E_RUNTIME_ERROR),
        NAMED(VFW_E_SAMPLE_REJECTED), NAMED(VFW_E_SAMPLE_REJECTED_EOS), NAMED(VFW_S_CANT_CUE), NAMED(VFW_S_STATE_INTERMEDIATE), NAMED(VFW_E_NOT_COMMITTED),
        NAMED(VFW_E_NO_ACCEPTABLE_TYPES), NAMED(VFW_E_TIMEOUT), NAMED(VFW_E_NO_TRANSPORT), NAMED(VFW_E_ENUM_OUT_OF_SYNC),
#undef NAMED
    };
    char number[16];
    snprintf(number, sizeof number, "0x%08lx", (unsigned long)hr);
    for (auto &n : names)
        if (n.hr == hr)
            return std::string(n.name);
    return number;
}

// say prints one line of the run, whole.
inline void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    EnterCriticalSection(&checkRun.lock);
    vprintf(format, args);
    putchar('\n');
    fflush(stdout);
    LeaveCriticalSection(&checkRun.lock);
    va_end(args);
}

inline std::string formatted(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));
inline std::string formatted(const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return text;
}

// verdict prints a check's line and counts it.
inline bool verdict(bool held, const std::string &text, const std::string &got, bool silent = false)
{
    EnterCriticalSection(&checkRun.lock);
    (held ? checkRun.passed : checkRun.failed)++;
    if (!held)
        say("FAIL %d %s: %s: got %s", int(checkRun.item), checkRun.text, text.c_str(), got.c_str());
    else if (!silent)
        say("ok %d %s: %s", int(checkRun.item), checkRun.text, text.c_str());
    LeaveCriticalSection(&checkRun.lock);
    return held;
}

inline bool verdictHR(HRESULT got, std::initializer_list<HRESULT> want, const char *call)
{
    bool held = false;
    std::string wanted;
    for (HRESULT w : want) {
        held = held || w == got;
        wanted += (wanted.empty() ? "" : " or ") + hrName(w);
    }
    return verdict(held, std::string(call) + " = " + wanted, hrName(got));
}

inline bool verdictNumber(long long got, long long low, long long high, const char *value)
{
    auto text = low == high ? formatted("%s = %lld", value, low) : formatted("%s in %lld … %lld", value, low, high);
    return verdict(got >= low && got <= high, text, formatted("%lld", got));
}

#define CHECK(condition, ...) verdict(bool(condition), formatted(__VA_ARGS__), "false")
#define QUIET(condition, ...) verdict(bool(condition), formatted(__VA_ARGS__), "false", true)
#define CHECK_HR(call, want) verdictHR(call, { want }, #call)
#define CHECK_HR_OF(call, ...) verdictHR(call, { __VA_ARGS__ }, #call)
#define CHECK_EQ(value, want) verdictNumber((long long)(value), (long long)(want), (long long)(want), #value)
#define CHECK_BETWEEN(value, low, high) verdictNumber((long long)(value), low, high, #value)
#define CHECK_SAFE(call) verdictHR(call, { E_POINTER, E_INVALIDARG }, #call)

// watchdog ends a program whose item hangs: threads stuck in the filter can't be
// joined, so the process is terminated.
inline DWORD WINAPI watchdog(void *)
{
    do
        Sleep(200);
    while (patientTime() - checkRun.began <= checkRun.allowed);
    printf("FAIL %d hang: %s: got no end within %ld s %s\n", int(checkRun.item), checkRun.text, long(checkRun.allowed / 1000), checkRun.call);
    printf("%s: %d passed, %d failed\n", checkRun.name, checkRun.passed, checkRun.failed + 1);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 2);
    return 0;
}

// crashed tells where a fault happened: module and offset, for addr2line.
inline LONG WINAPI crashed(EXCEPTION_POINTERS *fault)
{
    void *at = fault->ExceptionRecord->ExceptionAddress;
    HMODULE module = nullptr;
    char path[MAX_PATH] = "no module";
    if (GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, (LPCSTR)at, &module))
        GetModuleFileNameA(module, path, sizeof path);
    printf("FAIL %d crash: %s: got exception %08lx at %p, %s+0x%llx\n", int(checkRun.item), checkRun.text, (unsigned long)fault->ExceptionRecord->ExceptionCode, at,
        path, (unsigned long long)((char *)at - (char *)module));
    printf("%s: %d passed, %d failed\n", checkRun.name, checkRun.passed, checkRun.failed + 1);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 3);
    return EXCEPTION_EXECUTE_HANDLER;
}

// readArguments sorts the program's arguments: a URL, a path that ends with
// .ax, numbers of sections.
inline std::vector<int> readArguments(int argc, char **argv)
{
    std::vector<int> numbers;
    for (int i = 1; i < argc; i++) {
        std::string arg = argv[i];
        if (!arg.empty() && arg.find_first_not_of("0123456789") == std::string::npos)
            numbers.push_back(atoi(argv[i]));
        else if (arg.size() > 3 && arg.compare(arg.size() - 3, 3, ".ax") == 0)
            checkRun.ax = arg;
        else
            checkRun.urls.push_back(checkRun.url = arg), checkRun.urlGiven = true;
    }
    return numbers;
}

// runSections runs the sections, or those that the arguments name, and returns the
// program's exit code. The thread is in the multithreaded apartment.
inline int runSections(const char *name, const Section *sections, size_t count, int argc, char **argv)
{
    InitializeCriticalSection(&checkRun.lock);
    checkRun.name = name;
    std::vector<int> only = readArguments(argc, argv);
    limit(usualLimit);
    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    SetErrorMode(SEM_NOGPFAULTERRORBOX | SEM_FAILCRITICALERRORS);
    SetUnhandledExceptionFilter(crashed);
    CloseHandle(CreateThread(nullptr, 0, watchdog, nullptr, 0, nullptr));
    for (size_t i = 0; i < count; i++) {
        bool wanted = only.empty();
        for (int n : only)
            wanted = wanted || n == sections[i].item;
        if (!wanted)
            continue;
        checkRun.text = sections[i].text;
        limit(usualLimit);
        item(sections[i].item);
        DWORD began = GetTickCount(), slow = 2000;
        sections[i].check();
        if (GetTickCount() - began > slow)
            say("   %d took %lu ms", sections[i].item, (unsigned long)(GetTickCount() - began));
    }
    printf("%s: %d passed, %d failed\n", name, checkRun.passed, checkRun.failed);
    fflush(stdout);
    // Not ExitProcess: a filter's threads may be alive, and no check is about them.
    TerminateProcess(GetCurrentProcess(), checkRun.failed ? 1 : 0);
    return 1;
}
