// pagerig.h: the property page in a frame of the checker's own, because Wine's
// OleCreatePropertyFrame calls little of it, and its controls by their captions, as
// a user finds them.
//
//     PageRig p;                               // shown, over a new filter
//     p.type(L"Output packet size", L"1000");  // as a user does
//     p.click(L"Connect");
//     p.page->Apply(); p.pump(300); p.deactivate();
//
// A property page wants a thread with messages, in an apartment of its own: each
// check begins with an Apartment.
#pragma once
#include "stream.h"
#include <ocidl.h>
#include <olectl.h>

// Apartment is the single-threaded one, for as long as it lives.
struct Apartment {
    Apartment()
    {
        CoUninitialize();
        OleInitialize(nullptr);
    }
    ~Apartment()
    {
        OleUninitialize();
        CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    }
};

// FakeSite is a frame's side of the page.
struct FakeSite : Counted<IPropertyPageSite> {
    int changes = 0;
    DWORD last = 0;
    HRESULT STDMETHODCALLTYPE OnStatusChange(DWORD flags) override
    {
        changes++;
        last = flags;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetLocaleID(LCID *locale) override
    {
        *locale = LOCALE_USER_DEFAULT;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetPageContainer(IUnknown **out) override
    {
        *out = nullptr;
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE TranslateAccelerator(MSG *) override { return E_NOTIMPL; }
};

inline std::wstring textOf(HWND w)
{
    std::wstring text(GetWindowTextLengthW(w) + 1, 0);
    text.resize(GetWindowTextW(w, &text[0], int(text.size())));
    return text;
}

inline std::wstring classOf(HWND w)
{
    WCHAR name[64] = L"";
    GetClassNameW(w, name, 64);
    return name;
}

inline bool isEdit(HWND w) { return !lstrcmpiW(classOf(w).c_str(), L"Edit"); }

// plain is a caption without its mnemonic and its colon.
inline std::wstring plain(std::wstring caption)
{
    size_t at = caption.find(L'&');
    if (at != std::wstring::npos)
        caption.erase(at, 1);
    if (!caption.empty() && caption.back() == L':')
        caption.pop_back();
    return caption;
}

inline BOOL CALLBACK countWindow(HWND w, LPARAM count)
{
    std::wstring name = classOf(w);
    if (name != L"IME" && name != L"OleMainThreadWndClass" && name != L"frame of the checker") // the system's own, and ours
        ++*(int *)count;
    return TRUE;
}

// windowsOfThread counts this thread's top-level windows.
inline int windowsOfThread()
{
    int n = 0;
    EnumThreadWindows(GetCurrentThreadId(), countWindow, (LPARAM)&n);
    return n;
}

inline IPropertyPage *newPage()
{
    IPropertyPage *page = nullptr;
    CoCreateInstance(clsidPage, nullptr, CLSCTX_INPROC_SERVER, IID_IPropertyPage, (void **)&page);
    return page;
}

// newFrame makes a window for a page.
inline HWND newFrame(SIZE client)
{
    const DWORD style = WS_CAPTION | WS_SYSMENU | WS_VISIBLE;
    RECT r = { 0, 0, client.cx, client.cy };
    WNDCLASSW frame = {};
    frame.lpfnWndProc = DefWindowProcW;
    frame.hbrBackground = HBRUSH(COLOR_BTNFACE + 1);
    frame.lpszClassName = L"frame of the checker";
    RegisterClassW(&frame);
    AdjustWindowRect(&r, style, FALSE);
    return CreateWindowExW(WS_EX_CONTROLPARENT, frame.lpszClassName, L"RTMP Writer", style, 60, 60, r.right - r.left, r.bottom - r.top, nullptr, nullptr,
        nullptr, nullptr);
}

// commonFrame is one for all checks: without a window manager, Wine takes two
// seconds to destroy a window that was active.
inline HWND commonFrame()
{
    static HWND frame = newFrame({ 640, 640 });
    return frame;
}

struct PageRig {
    IBaseFilter *filter;
    bool owned;
    IPropertyPage *page = newPage();
    FakeSite site;
    SIZE size = {};
    HWND frame = nullptr, dialog = nullptr;

    // PageRig shows a page over a filter, or over a new one.
    explicit PageRig(IBaseFilter *over = nullptr)
        : filter(over ? over : newFilter()), owned(!over)
    {
        IUnknown *object = filter;
        PROPPAGEINFO info = {};
        info.cb = sizeof info;
        QUIET(page->SetPageSite(&site) == S_OK, "SetPageSite");
        QUIET(page->GetPageInfo(&info) == S_OK, "GetPageInfo");
        CoTaskMemFree(info.pszTitle);
        size = info.size;
        QUIET(page->SetObjects(1, &object) == S_OK, "SetObjects");
        frame = commonFrame();
        activate();
    }

    void activate()
    {
        RECT r = { 0, 0, size.cx, size.cy };
        HRESULT hr = page->Activate(frame, &r, FALSE);
        QUIET(hr == S_OK, "Activate: %s", hrName(hr).c_str());
        dialog = GetWindow(frame, GW_CHILD);
        QUIET(page->Show(SW_SHOW) == S_OK, "Show");
    }

    void deactivate()
    {
        QUIET(page->Deactivate() == S_OK, "Deactivate");
        dialog = nullptr;
    }

    ~PageRig()
    {
        if (dialog)
            deactivate();
        QUIET(page->SetObjects(0, nullptr) == S_OK, "SetObjects(0)");
        QUIET(page->SetPageSite(nullptr) == S_OK, "SetPageSite(NULL)");
        QUIET(page->Release() == 0, "the page's last Release");
        QUIET(site.refs == 1, "the site has %ld references, not 1", long(site.refs));
        if (owned)
            QUIET(filter->Release() == 0, "the filter's last Release");
    }
    PageRig(const PageRig &) = delete;
    PageRig &operator=(const PageRig &) = delete;

    // pump runs the thread's messages as a frame does, for ms or until `until`.
    bool pump(DWORD ms, const std::function<bool()> &until = nullptr)
    {
        for (DWORD began = GetTickCount(); GetTickCount() - began < ms; Sleep(5)) {
            MSG m;
            while (PeekMessageW(&m, nullptr, 0, 0, PM_REMOVE))
                if (page->TranslateAccelerator(&m) != S_OK) {
                    TranslateMessage(&m);
                    DispatchMessageW(&m);
                }
            if (until && until())
                return true;
        }
        return !until;
    }

    // find gives the control with a caption: a button itself, otherwise what stands
    // behind the label. NULL: there is none.
    HWND find(const WCHAR *caption, int skip = 0)
    {
        for (HWND w = GetWindow(dialog, GW_CHILD); w; w = GetWindow(w, GW_HWNDNEXT)) {
            if (isEdit(w) || plain(textOf(w)) != caption || skip-- > 0)
                continue;
            bool label = !lstrcmpiW(classOf(w).c_str(), L"Static");
            return label ? GetWindow(w, GW_HWNDNEXT) : w;
        }
        CHECK(false, "a control named %s", narrow(caption).c_str());
        return nullptr;
    }

    std::wstring text(const WCHAR *caption) { return textOf(find(caption)); }
    bool checked(const WCHAR *caption) { return SendMessageW(find(caption), BM_GETCHECK, 0, 0) == BST_CHECKED; }
    bool enabled(const WCHAR *caption) { return IsWindowEnabled(find(caption)); }
    void type(const WCHAR *caption, const WCHAR *text) { SetWindowTextW(find(caption), text); }
    void click(const WCHAR *caption) { SendMessageW(find(caption), BM_CLICK, 0, 0); }

    // message is the line that tells what is wrong: the static behind the status.
    std::wstring message() { return textOf(GetWindow(find(L"Status"), GW_HWNDNEXT)); }

    // shows tells whether a text is seen anywhere in the page's windows.
    bool shows(const std::wstring &part)
    {
        for (HWND w = GetWindow(dialog, GW_CHILD); w; w = GetWindow(w, GW_HWNDNEXT))
            if (textOf(w).find(part) != std::wstring::npos)
                return true;
        return false;
    }
};
