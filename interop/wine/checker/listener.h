// listener.h: a TCP server within the checker that accepts and says nothing: a
// filter that publishes there goes on connecting, and what it is given piles up.
// A connection that the filter closes is closed here, too.
#pragma once
#include "check.h"
#include <algorithm>
#include <winsock.h>

struct Listener {
    volatile LONG accepted = 0;
    int port = 0;

    Listener()
    {
        WSADATA data;
        WSAStartup(0x202, &data);
        sockaddr_in name = {};
        int length = sizeof name;
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = inet_addr("127.0.0.1");
        door = socket(AF_INET, SOCK_STREAM, 0);
        bool listens = !bind(door, (sockaddr *)&name, sizeof name) && !listen(door, 16) && !getsockname(door, (sockaddr *)&name, &length);
        QUIET(listens, "a listener on 127.0.0.1");
        port = ntohs(name.sin_port);
        thread = CreateThread(nullptr, 0, run, this, 0, nullptr);
    }

    ~Listener()
    {
        closesocket(door);
        WaitForSingleObject(thread, INFINITE);
        CloseHandle(thread);
        for (SOCKET s : guests)
            closesocket(s);
    }

    std::string url() const { return formatted("rtmp://127.0.0.1:%d/live+checker", port); }

private:
    SOCKET door;
    HANDLE thread;
    std::vector<SOCKET> guests;

    static DWORD WINAPI run(void *self)
    {
        auto l = (Listener *)self;
        while (l->look())
            ;
        return 0;
    }

    // look waits for something to happen, with an end: closing a socket does not end
    // a wait for it everywhere. It tells whether the door is open.
    bool look()
    {
        fd_set ready;
        FD_ZERO(&ready);
        ready.fd_array[ready.fd_count++] = door;
        for (size_t i = 0; i < guests.size() && ready.fd_count < FD_SETSIZE; i++)
            ready.fd_array[ready.fd_count++] = guests[i];
        timeval patience = { 0, 100000 };
        int count = select(0, &ready, nullptr, nullptr, &patience);
        if (count <= 0)
            return count == 0;
        for (u_int i = 0; i < ready.fd_count; i++)
            ready.fd_array[i] == door ? welcome() : hear(ready.fd_array[i]);
        return true;
    }

    void welcome()
    {
        SOCKET guest = accept(door, nullptr, nullptr);
        if (guest == INVALID_SOCKET)
            return;
        guests.push_back(guest);
        InterlockedIncrement(&accepted);
    }

    void hear(SOCKET guest)
    {
        char said[4096];
        if (recv(guest, said, sizeof said, 0) > 0)
            return;
        closesocket(guest);
        guests.erase(std::remove(guests.begin(), guests.end(), guest), guests.end());
    }
};

// dataURL is where samples are taken: the URL given to the program, or a listener
// that lives as long as the program.
inline const char *dataURL()
{
    if (checkRun.urlGiven)
        return checkRun.url.c_str();
    static Listener listener;
    static const std::string url = listener.url();
    return url.c_str();
}
