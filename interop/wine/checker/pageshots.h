// pageshots.h: the property page for pictures. page.cpp tells how they are asked for.
#pragma once
#include "pagerig.h"
#include <commctrl.h>

const DWORD shownFor = 4000; // ms, for somebody else to make a picture

// fit makes the frame as large as the page.
static void fit(PageRig &p)
{
    RECT r = { 0, 0, p.size.cx, p.size.cy };
    AdjustWindowRect(&r, DWORD(GetWindowLongW(p.frame, GWL_STYLE)), FALSE);
    SetWindowPos(p.frame, nullptr, 0, 0, r.right - r.left, r.bottom - r.top, SWP_NOMOVE | SWP_NOZORDER);
}

// ownDialog is the dialog that this process shows, NULL before.
static HWND ownDialog()
{
    for (HWND w = nullptr; (w = FindWindowExW(nullptr, w, L"#32770", nullptr));) {
        DWORD process = 0;
        GetWindowThreadProcessId(w, &process);
        if (process == GetCurrentProcessId() && IsWindowVisible(w))
            return w;
    }
    return nullptr;
}

// inFrame opens the frame that programs open.
static void inFrame()
{
    Apartment apartment;
    IBaseFilter *filter = newFilter();
    setURL(filter, at("live", "camera1").c_str());
    Worker driver([] {
        HWND frame = nullptr;
        for (int i = 0; i < 100 && !frame; i++) {
            Sleep(50);
            frame = ownDialog();
        }
        CHECK(frame, "the frame opens");
        Sleep(1500);
        say("shot-now");
        Sleep(shownFor);
        PostMessageW(frame, PSM_PRESSBUTTON, PSBTN_CANCEL, 0);
    });
    IUnknown *object = filter;
    CLSID page = clsidPage;
    CHECK_HR(OleCreatePropertyFrame(nullptr, 0, 0, L"RTMP Writer", 1, &object, 1, &page, 0, 0, nullptr), S_OK);
    CHECK(driver.done(2000), "the frame closes");
    CHECK_EQ(filter->Release(), 0);
}

static void shot()
{
    Apartment apartment;
    Rig rig(3, nullptr);
    for (OutPin &pin : rig.source->pin)
        pin.realTime = true;
    PageRig p(rig.filter);
    fit(p);
    p.type(L"RTMP url", wide(at("live", "camera1")).c_str());
    p.click(L"Connect");
    p.pump(soon, [&] { return p.text(L"Status") == L"Connected"; });
    rig.run();
    p.pump(3000);
    CHECK(p.text(L"Status") == L"Connected", "it streams");
    say("shot-now");
    p.pump(shownFor);
    p.click(L"Disconnect");
    rig.stop();
}

static void wrong()
{
    Apartment apartment;
    PageRig p;
    fit(p);
    SetForegroundWindow(p.frame);
    p.type(L"RTMP url", wide(at("live", "camera1")).c_str());
    p.type(L"Password", L"sesame");
    p.click(L"Use Authentication");
    p.page->Apply();
    p.type(L"Output packet size", L"2000000");
    CHECK_HR(p.page->Apply(), RTMP_E_OPTION);
    p.pump(300);
    say("shot-now");
    p.pump(shownFor);
}
