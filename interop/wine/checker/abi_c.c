/* abi_c.c: the header RTMPWriterOptions.h from C: where each method stands in the
 * vtable, and calls through the macros of COBJMACROS.
 *
 * Each check prints `ok TEXT` or `FAIL TEXT`; the last line is `abi_c: N passed, M
 * failed`, the exit code 0 when all passed. */
#define INITGUID
#define COBJMACROS
#define NO_DSHOW_STRSAFE
#include <dshow.h>
#include <stdio.h>
#include "RTMPWriterOptions.h"

static int passed, failed;

static int check(int held, const char *text)
{
    if (held)
        passed++;
    else
        failed++;
    printf("%s %s\n", held ? "ok" : "FAIL", text);
    return held;
}

#define CHECK(condition) check(condition, #condition)
#define SLOT(Interface, Method) (offsetof(Interface##Vtbl, Method) / sizeof(void *))

/* The first and the last methods, and those that the original is known by: what
 * lies between has no room to move. */
static void slots(void)
{
    CHECK(SLOT(IRTMPOptions, QueryInterface) == 0);
    CHECK(SLOT(IRTMPOptions, ConnectServer) == 3);
    CHECK(SLOT(IRTMPOptions, BeginConnectServer) == 4);
    CHECK(SLOT(IRTMPOptions, Disconnect) == 5);
    CHECK(SLOT(IRTMPOptions, ReconnectNow) == 6);
    CHECK(SLOT(IRTMPOptions, GetStatus) == 7);
    CHECK(SLOT(IRTMPOptions, GetStatistics) == 8);
    CHECK(SLOT(IRTMPOptions, GetLastErrorText) == 9);
    CHECK(SLOT(IRTMPOptions, SetOption) == 10);
    CHECK(SLOT(IRTMPOptions, GetOption) == 11);
    CHECK(SLOT(IRTMPOptions, SetUrl) == 12);
    CHECK(SLOT(IRTMPOptions, SetTcpNoDelay) == 36);
    CHECK(SLOT(IRTMPOptions, SetReconnectAttempts) == 52);
    CHECK(SLOT(IRTMPOptions, SetReconnectInterval) == 54);
    CHECK(SLOT(IRTMPOptions, SetReconnectUnlimited) == 58);
    CHECK(SLOT(IRTMPOptions, SetPublishMode) == 64);
    CHECK(SLOT(IRTMPOptions, GetTrace) == 103);
    CHECK(sizeof(IRTMPOptionsVtbl) >= 104 * sizeof(void *));
    CHECK(SLOT(IRTMPStatusNotify, SetStatusNotifyHandler) == 3);
    CHECK(SLOT(IRTMPMetadataSink, SendMetadata) == 3);
    CHECK(SLOT(IRTMPMetadataSink, SendCommand) == 4);
    CHECK(sizeof(rtmp_writer_stats_t) == (sizeof(void *) == 8 ? 72 : 64));
    CHECK(offsetof(rtmp_writer_stats_t, audio_packets_buffered) == 40);
    CHECK(offsetof(rtmp_writer_stats_t, audio_bitrate) == (sizeof(void *) == 8 ? 56 : 48));
    CHECK(offsetof(rtmp_writer_stats_t, video_packets_sent) == (sizeof(void *) == 8 ? 68 : 60));
}

static void __stdcall handler(int status, const char *url, void *context)
{
    (void)url;
    *(int *)context = status;
}

/* The filter by the macros. */
static void calls(IBaseFilter *filter)
{
    IRTMPOptions *options = NULL, *same = NULL;
    IRTMPStatusNotify *notify = NULL;
    IRTMPMetadataSink *metadata = NULL;
    rtmp_writer_stats_t stats;
    LONG number = 0;
    BOOL on = FALSE;
    int status = -1, told = -1;
    LPWSTR text = NULL;

    if (!CHECK(IBaseFilter_QueryInterface(filter, &IID_IRTMPOptions, (void **)&options) == S_OK))
        return;
    CHECK(IRTMPOptions_QueryInterface(options, &IID_IRTMPOptions, (void **)&same) == S_OK && same == options);
    IRTMPOptions_Release(same);
    CHECK(IRTMPOptions_SetTcpNoDelay(options, TRUE) == S_OK);
    CHECK(IRTMPOptions_GetTcpNoDelay(options, &on) == S_OK && on == TRUE);
    CHECK(IRTMPOptions_SetReconnectInterval(options, 1500) == S_OK);
    CHECK(IRTMPOptions_GetReconnectInterval(options, &number) == S_OK && number == 1500);
    CHECK(IRTMPOptions_SetPublishMode(options, RTMPPublishModeAppend) == S_OK);
    CHECK(IRTMPOptions_GetPublishMode(options, &number) == S_OK && number == 2);
    CHECK(IRTMPOptions_SetPublishMode(options, 3) == RTMP_E_OPTION);
    CHECK(IRTMPOptions_SetTrace(options, 9) == S_OK);
    CHECK(IRTMPOptions_GetTrace(options, &number) == S_OK && number == 9);
    CHECK(IRTMPOptions_SetUsername(options, L"user") == S_OK);
    CHECK(IRTMPOptions_GetUsername(options, &text) == S_OK && !lstrcmpW(text, L"user"));
    CoTaskMemFree(text);
    CHECK(IRTMPOptions_GetStatus(options, &status) == S_OK && status == RTMPWriterDisconnected);
    CHECK(IRTMPOptions_GetStatistics(options, &stats) == S_OK && stats.video_packets_sent == 0);

    CHECK(IRTMPOptions_QueryInterface(options, &IID_IRTMPStatusNotify, (void **)&notify) == S_OK);
    if (notify) {
        CHECK(IRTMPStatusNotify_SetStatusNotifyHandler(notify, handler, &told) == S_OK);
        CHECK(IRTMPStatusNotify_SetStatusNotifyHandler(notify, NULL, NULL) == S_OK);
        IRTMPStatusNotify_Release(notify);
    }
    CHECK(IRTMPOptions_QueryInterface(options, &IID_IRTMPMetadataSink, (void **)&metadata) == S_OK);
    if (metadata) {
        CHECK(FAILED(IRTMPMetadataSink_SendMetadata(metadata, NULL, L"{}", FALSE)));
        CHECK(FAILED(IRTMPMetadataSink_SendCommand(metadata, NULL, L"", &text)));
        IRTMPMetadataSink_Release(metadata);
    }
    IRTMPOptions_Release(options);
}

int main(void)
{
    IBaseFilter *filter = NULL;
    slots();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (CHECK(CoCreateInstance(&CLSID_NANO_RTMP_WRITER, NULL, CLSCTX_INPROC_SERVER, &IID_IBaseFilter, (void **)&filter) == S_OK)) {
        calls(filter);
        CHECK(IBaseFilter_Release(filter) == 0);
    }
    printf("abi_c: %d passed, %d failed\n", passed, failed);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), failed != 0);
    return 1;
}
