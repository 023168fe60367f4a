// thread.h: functions on threads of their own, and calls with a limit in time.
#pragma once
#include "check.h"
#include <functional>
#include <memory>

// Threads runs functions; its end waits for them.
struct Threads {
    std::vector<HANDLE> all;
    void start(std::function<void()> f)
    {
        all.push_back(CreateThread(nullptr, 0, run, new std::function<void()>(std::move(f)), 0, nullptr));
    }
    // done tells whether all have ended within ms.
    bool done(DWORD ms)
    {
        return waitUntil(ms, [this] {
            for (HANDLE h : all)
                if (WaitForSingleObject(h, 0) != WAIT_OBJECT_0)
                    return false;
            return true;
        });
    }
    Threads() {}
    Threads(const Threads &) = delete;
    Threads &operator=(const Threads &) = delete;
    ~Threads()
    {
        for (HANDLE h : all) {
            WaitForSingleObject(h, INFINITE);
            CloseHandle(h);
        }
    }

private:
    static DWORD WINAPI run(void *function)
    {
        std::unique_ptr<std::function<void()>> f((std::function<void()> *)function);
        (*f)();
        return 0;
    }
};
