// What the C files of IRTMPOptions and ICodecAPI share: com.h goes before it.
#ifndef OPTIONS_H
#define OPTIONS_H

// The kinds of options, with the numbers of package abi.
enum { OPTION_NUMBER, OPTION_BOOL, OPTION_CHOICE, OPTION_TEXT };

// rtmpoptions_windows.c: the table of the options.
extern const int optionCount;
extern const uint8_t optionKinds[];
extern const GUID *const optionProperties[];

// optionmethods_windows.c: what the methods of IRTMPOptions do. option is an
// option's place in the table.
HRESULT optionSetNumber(IRTMPOptions *t, int option, LONG value);
HRESULT optionGetNumber(IRTMPOptions *t, int option, LONG *value);
HRESULT optionSetBool(IRTMPOptions *t, int option, BOOL value);
HRESULT optionGetBool(IRTMPOptions *t, int option, BOOL *value);
HRESULT optionSetText(IRTMPOptions *t, int option, LPCWSTR value);
HRESULT optionGetText(IRTMPOptions *t, int option, LPWSTR *value);
HRESULT STDMETHODCALLTYPE options_ConnectServer(IRTMPOptions *t);
HRESULT STDMETHODCALLTYPE options_BeginConnectServer(IRTMPOptions *t);
HRESULT STDMETHODCALLTYPE options_Disconnect(IRTMPOptions *t);
HRESULT STDMETHODCALLTYPE options_ReconnectNow(IRTMPOptions *t);
HRESULT STDMETHODCALLTYPE options_GetStatus(IRTMPOptions *t, int *status);
HRESULT STDMETHODCALLTYPE options_GetStatistics(IRTMPOptions *t, rtmp_writer_stats_t *stats);
HRESULT STDMETHODCALLTYPE options_GetLastErrorText(IRTMPOptions *t, LPWSTR *text);
HRESULT STDMETHODCALLTYPE options_SetOption(IRTMPOptions *t, LPCWSTR name, LPCWSTR value);
HRESULT STDMETHODCALLTYPE options_GetOption(IRTMPOptions *t, LPCWSTR name, LPWSTR *value);

// variant_windows.c: values of options as VARIANTs.
HRESULT variantOfNumber(int kind, int32_t number, VARIANT *out);
HRESULT variantOfText(uint16_t *malloced, VARIANT *out);
HRESULT variantToOption(uintptr_t h, int option, const VARIANT *value);

// errorinfo_windows.c: the text of the error that the caller's thread is told.
void setErrorText(const uint16_t *text);
HRESULT plainError(HRESULT hr); // an error that says all; an older text is taken away
#endif
