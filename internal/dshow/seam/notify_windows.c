//go:build windows && cgo

// IRTMPStatusNotify: the function of the program's that is called at every change
// of the status. It is foreign code that may do anything: call the filter, take
// itself away, be compiled with another calling convention than the header says.
// So it is called with no lock held, and whoever needs its end waits for it.
#include "com.h"

// A Call is a handler that runs now, on the stack of who calls it.
typedef struct Call {
    Filter *f;
    DWORD thread;
    struct Call *next;
} Call;

static SRWLOCK lock = SRWLOCK_INIT; // guards running, and handler and context of every filter
static CONDITION_VARIABLE ended = CONDITION_VARIABLE_INIT;
static Call *running;

// inCall tells a thread that comes from a handler: it must not wait for one, for
// its own would wait for itself, and two for each other.
static BOOL inCall(DWORD thread)
{
    for (Call *c = running; c; c = c->next)
        if (c->thread == thread)
            return TRUE;
    return FALSE;
}

static BOOL isRunning(Filter *f)
{
    for (Call *c = running; c; c = c->next)
        if (c->f == f)
            return TRUE;
    return FALSE;
}

#if defined(__i386__)
// call passes the arguments as __stdcall does, in their order on the stack, and
// besides in the registers of Delphi's own convention. It takes the stack pointer
// back from a register that every convention keeps: a handler may leave its
// arguments there (__cdecl), or take more than it was given. What it takes too
// much is zero.
static __attribute__((noinline)) void call(RTMPStatusNotifyHandler handler, int status, const char *url, void *context)
{
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "andl $-16, %%esp\n\t"
                     "pushl $0\n\t"
                     "pushl $0\n\t"
                     "pushl $0\n\t"
                     "pushl $0\n\t"
                     "pushl $0\n\t"
                     "pushl %%ecx\n\t"
                     "pushl %%edx\n\t"
                     "pushl %%eax\n\t"
                     "call *%%esi\n\t"
                     "movl %%ebx, %%esp\n\t"
                     "cld"
                     : "+a"(status), "+d"(url), "+c"(context)
                     : "S"(handler)
                     : "ebx", "memory", "cc");
}
#else
static void call(RTMPStatusNotifyHandler handler, int status, const char *url, void *context) { handler(status, url, context); }
#endif

// filterCallHandler calls the handler of f, one call at a time.
void filterCallHandler(Filter *f, int status, const char *url)
{
    Call own = { f, GetCurrentThreadId() };
    RTMPStatusNotifyHandler handler;
    void *context;
    AcquireSRWLockExclusive(&lock);
    while (isRunning(f) && !inCall(own.thread))
        SleepConditionVariableSRW(&ended, &lock, INFINITE, 0);
    handler = f->handler;
    context = f->handlerContext;
    own.next = running;
    running = &own;
    ReleaseSRWLockExclusive(&lock);
    if (handler)
        call(handler, status, url, context);
    AcquireSRWLockExclusive(&lock); // f may be gone
    for (Call **c = &running; *c; c = &(*c)->next)
        if (*c == &own) {
            *c = own.next;
            break;
        }
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&ended);
}

// await waits for the handler's end. Meanwhile it lets in what other threads send
// to the windows of this one: the handler may wait for that.
static void await(Filter *f)
{
    MSG message;
    for (;;) {
        BOOL over;
        AcquireSRWLockShared(&lock);
        over = !isRunning(f) || inCall(GetCurrentThreadId());
        ReleaseSRWLockShared(&lock);
        if (over)
            return;
        MsgWaitForMultipleObjects(0, NULL, FALSE, 5, QS_SENDMESSAGE);
        PeekMessageW(&message, NULL, 0, 0, PM_NOREMOVE | PM_QS_SENDMESSAGE);
    }
}

UNKNOWN(IRTMPStatusNotify, notify)

static HRESULT STDMETHODCALLTYPE notify_set(IRTMPStatusNotify *t, RTMPStatusNotifyHandler handler, void *context)
{
    Filter *f = CONTAINER(t, Filter, notify);
    AcquireSRWLockExclusive(&lock);
    f->handler = handler;
    f->handlerContext = context;
    ReleaseSRWLockExclusive(&lock);
    await(f);
    return S_OK;
}

IRTMPStatusNotifyVtbl notifyVtbl = { notify_qi, notify_addref, notify_release, notify_set };
