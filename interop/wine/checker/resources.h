// resources.h: what a process holds, for checks of leaks.
//
//     Resources before = Resources::now();
//     …
//     checkLeft(before, 0, 0, 1024); // no more handles or threads, at most 1 MB more
#pragma once
#include "check.h"
#define PSAPI_VERSION 2 // kernel32 has it: nothing to link
#include <psapi.h>
#include <tlhelp32.h>

// Wine 8 knows no handle count of a process: the system's table of handles does.
inline DWORD handlesOfProcess()
{
    DWORD count = 0;
    if (GetProcessHandleCount(GetCurrentProcess(), &count) && count)
        return count;
    struct Entry { USHORT pid, trace; UCHAR type, flags; USHORT handle; void *object; ULONG access; };
    typedef LONG(WINAPI * Query)(ULONG, void *, ULONG, ULONG *);
    auto query = (Query)(void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtQuerySystemInformation");
    std::vector<BYTE> table(1 << 16);
    ULONG needed = 0;
    const ULONG systemHandleInformation = 16;
    while (query(systemHandleInformation, table.data(), ULONG(table.size()), &needed) == LONG(0xc0000004)) // STATUS_INFO_LENGTH_MISMATCH
        table.resize(table.size() * 2);
    auto entries = (Entry *)(table.data() + sizeof(void *));
    for (ULONG i = 0; i < *(ULONG *)table.data(); i++)
        count += entries[i].pid == USHORT(GetCurrentProcessId());
    return count;
}

// privateKilobytes is the private memory in use. Wine 8 does not tell: the address
// space does.
inline long long privateKilobytes()
{
    PROCESS_MEMORY_COUNTERS_EX m = {};
    m.cb = sizeof m;
    if (GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&m, sizeof m) && m.PrivateUsage)
        return m.PrivateUsage / 1024;
    long long bytes = 0;
    MEMORY_BASIC_INFORMATION region;
    for (char *at = nullptr; VirtualQuery(at, &region, sizeof region) == sizeof region; at += region.RegionSize)
        if (region.State == MEM_COMMIT && region.Type == MEM_PRIVATE)
            bytes += region.RegionSize;
    return bytes / 1024;
}

inline DWORD threadsOfProcess()
{
    DWORD count = 0;
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 t = {};
    t.dwSize = sizeof t;
    for (BOOL more = Thread32First(all, &t); more; more = Thread32Next(all, &t))
        count += t.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(all);
    return count;
}

// Resources counts what the process holds, for checks of leaks.
struct Resources {
    DWORD handles, threads;
    long long privateKB;
    static Resources now() { return { handlesOfProcess(), threadsOfProcess(), privateKilobytes() }; }
};

// checkLeft compares what is held now with before: `handles` and `threads` more
// are allowed, and `kilobytes` of private memory. Waits up to 3 s for it.
inline void checkLeft(const Resources &before, DWORD handles, DWORD threads, long long kilobytes)
{
    Resources after = Resources::now();
    for (int i = 0; i < 30 && (after.handles > before.handles + handles || after.threads > before.threads + threads || after.privateKB > before.privateKB + kilobytes); i++) {
        Sleep(100);
        after = Resources::now();
    }
    say("   %lu handles, %lu threads, %lld KB before; %lu, %lu, %lld after", (unsigned long)before.handles, (unsigned long)before.threads, before.privateKB,
        (unsigned long)after.handles, (unsigned long)after.threads, after.privateKB);
    CHECK_BETWEEN(after.handles, 0, before.handles + handles);
    CHECK_BETWEEN(after.threads, 0, before.threads + threads);
    CHECK_BETWEEN(after.privateKB, 0, before.privateKB + kilobytes);
}
