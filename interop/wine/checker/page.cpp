// page: the property page (111 to 119, and 7: what it shows and does). The URL is
// that of a server that takes everything, with a slash behind it.
//
//     page.exe URL              all checks
//     page.exe URL frame        in the frame of Windows, for a picture
//     page.exe URL shot         connected and streaming, for a picture
//     page.exe URL wrong        with a message at a field, for a picture
//
// The last three print `shot-now` when there is something to see, and end 4 s later.
#include "stream.cpp" // gives the identifiers their values: first

#include "clip.cpp"
#include "mediatypes.cpp"
#include "source.cpp"
#include "sourcefilter.cpp"

#include "pagefields.h"
#include "pageshots.h"

static void pages()
{
    IBaseFilter *filter = newFilter();
    auto specify = query<ISpecifyPropertyPages>(filter);
    if (!CHECK(specify, "ISpecifyPropertyPages"))
        return;
    CAUUID ids = {};
    CHECK_HR(specify->GetPages(&ids), S_OK);
    CHECK(ids.cElems == 1 && ids.pElems && *ids.pElems == clsidPage, "the documented page alone");
    CoTaskMemFree(ids.pElems);
    CHECK_SAFE(specify->GetPages(nullptr));
    specify->Release();
    CHECK_EQ(filter->Release(), 0);
}

static void info()
{
    Apartment apartment;
    int windows = windowsOfThread();
    IPropertyPage *page = newPage();
    PROPPAGEINFO a = {}, b = {};
    a.cb = b.cb = sizeof a;
    CHECK_HR(page->GetPageInfo(&a), S_OK); // first of all
    CHECK_HR(page->GetPageInfo(&b), S_OK);
    CHECK(a.pszTitle && *a.pszTitle && b.pszTitle && a.pszTitle != b.pszTitle, "a title: %s, in fresh memory each time", narrow(a.pszTitle).c_str());
    CHECK(a.pszTitle && CoTaskMemRealloc(a.pszTitle, 200), "of the task allocator");
    CHECK(a.size.cx > 200 && a.size.cx < 1500 && a.size.cy > 200 && a.size.cy < 1500, "%ld x %ld pixels", a.size.cx, a.size.cy);
    CHECK(a.size.cx == b.size.cx && a.size.cy == b.size.cy, "the same again");
    CoTaskMemFree(b.pszTitle);
    CHECK_SAFE(page->GetPageInfo(nullptr));
    CHECK_EQ(page->Release(), 0);
    CHECK_EQ(windowsOfThread(), windows);
}

static void order()
{
    Apartment apartment;
    IPropertyPage *page = newPage();
    IBaseFilter *filter = newFilter();
    FakeSite site;
    HWND frame = commonFrame();
    RECT r = { 0, 0, 300, 300 };
    CHECK_HR(page->Show(SW_SHOW), E_UNEXPECTED);
    CHECK_HR(page->Move(&r), E_UNEXPECTED);
    CHECK_HR(page->Deactivate(), E_UNEXPECTED);
    CHECK_HR(page->Activate(frame, &r, FALSE), E_UNEXPECTED); // without an object
    CHECK_HR(page->Apply(), E_UNEXPECTED);
    CHECK_HR(page->SetPageSite(&site), S_OK);
    IUnknown *object = filter;
    CHECK_HR(page->SetObjects(1, &object), S_OK);
    CHECK_HR(page->Activate(frame, nullptr, FALSE), E_POINTER);
    CHECK(FAILED(page->Activate(nullptr, &r, FALSE)), "Activate without a parent");
    CHECK(!GetWindow(frame, GW_CHILD), "what failed made no window");
    CHECK_HR(page->Activate(frame, &r, FALSE), S_OK);
    CHECK_HR(page->Activate(frame, &r, FALSE), E_UNEXPECTED); // twice
    for (UINT bad : { 99, SW_SHOWMINIMIZED, SW_SHOWMAXIMIZED, SW_SHOWNOACTIVATE })
        CHECK_HR(page->Show(bad), E_INVALIDARG);
    for (UINT good : { SW_SHOW, SW_SHOWNORMAL, SW_HIDE })
        CHECK_HR(page->Show(good), S_OK);
    CHECK_HR(page->Move(nullptr), E_POINTER);
    CHECK_HR(page->Deactivate(), S_OK);
    CHECK_HR(page->Deactivate(), E_UNEXPECTED);
    CHECK_HR(page->Show(SW_SHOW), E_UNEXPECTED);
    CHECK_HR(page->Move(&r), E_UNEXPECTED);
    CHECK_HR(page->SetObjects(0, nullptr), S_OK);
    CHECK_HR(page->Activate(frame, &r, FALSE), E_UNEXPECTED);
    CHECK_HR(page->SetPageSite(nullptr), S_OK);
    CHECK_EQ(page->Release(), 0);
    CHECK_EQ(filter->Release(), 0);
}

static void objects()
{
    Apartment apartment;
    IPropertyPage *page = newPage();
    IBaseFilter *filter = newFilter(), *second = newFilter();
    IUnknown *one[2] = { filter, second }, *none[1] = { nullptr };
    CHECK_HR(page->SetObjects(1, nullptr), E_POINTER);
    CHECK_HR(page->SetObjects(1, none), E_POINTER);
    CHECK_HR(page->SetObjects(2, one), E_UNEXPECTED);
    CHECK_EQ(references(filter), 1);
    CHECK_HR(page->SetObjects(1, one), S_OK);
    CHECK_EQ(references(filter), 2);
    CHECK_HR(page->SetObjects(1, one), S_OK); // the same again
    CHECK_EQ(references(filter), 2);
    CHECK_HR(page->SetObjects(1, one + 1), S_OK);
    CHECK(references(filter) == 1 && references(second) == 2, "another takes its place");
    CHECK_HR(page->SetObjects(0, nullptr), S_OK);
    CHECK_EQ(references(second), 1);
    CHECK_HR(page->SetObjects(0, nullptr), S_OK);
    FakeClock foreign;
    IUnknown *other = &foreign;
    CHECK(FAILED(page->SetObjects(1, &other)), "a foreign object");
    CHECK(foreign.refs == 1, "nothing is kept of it");
    RECT r = { 0, 0, 300, 300 };
    HWND frame = commonFrame();
    CHECK_HR(page->Activate(frame, &r, FALSE), E_UNEXPECTED);
    IPin *pin = pinAt(filter, 0);
    other = pin;
    CHECK(FAILED(page->SetObjects(1, &other)), "a pin is no filter");
    CHECK_EQ(references(filter), 2); // the pin's
    pin->Release();
    auto options = query<IRTMPOptions>(filter);
    other = options;
    CHECK_HR(page->SetObjects(1, &other), S_OK); // the filter by another interface
    CHECK_EQ(page->Release(), 0);
    options->Release();
    CHECK_EQ(filter->Release(), 0);
    CHECK_EQ(second->Release(), 0);
}

static void sites()
{
    Apartment apartment;
    IPropertyPage *page = newPage();
    FakeSite a, b;
    CHECK_HR(page->SetPageSite(nullptr), E_UNEXPECTED);
    CHECK_HR(page->SetPageSite(&a), S_OK);
    CHECK_EQ(a.refs, 2);
    CHECK_HR(page->SetPageSite(&b), E_UNEXPECTED);
    CHECK(a.refs == 2 && b.refs == 1, "the first is kept");
    CHECK_HR(page->SetPageSite(nullptr), S_OK);
    CHECK_EQ(a.refs, 1);
    CHECK_HR(page->SetPageSite(nullptr), E_UNEXPECTED);
    CHECK_HR(page->SetPageSite(&b), S_OK);
    CHECK_EQ(page->Release(), 0);
    CHECK_EQ(b.refs, 1);
}

static void window()
{
    Apartment apartment;
    int windows = windowsOfThread();
    {
        PageRig p;
        p.deactivate();
        for (int round = 0; round < 3; round++) {
            RECT r = { 5, 7, 5 + p.size.cx, 7 + p.size.cy }, at;
            CHECK_HR(p.page->Activate(p.frame, &r, round == 1), S_OK);
            p.dialog = GetWindow(p.frame, GW_CHILD);
            CHECK(p.dialog && GetParent(p.dialog) == p.frame && !GetWindow(p.dialog, GW_HWNDNEXT), "one child window of the parent");
            CHECK(!IsWindowVisible(p.dialog), "hidden until Show");
            CHECK(GetWindowLongW(p.dialog, GWL_EXSTYLE) & WS_EX_CONTROLPARENT, "the Tab key goes through it");
            CHECK_HR(p.page->Show(SW_SHOW), S_OK);
            CHECK(IsWindowVisible(p.dialog), "shown");
            RECT to = { 20, 30, 20 + p.size.cx, 30 + p.size.cy };
            CHECK_HR(p.page->Move(&to), S_OK);
            GetWindowRect(p.dialog, &at);
            MapWindowPoints(nullptr, p.frame, (POINT *)&at, 2);
            CHECK(EqualRect(&at, &to), "moved to %ld,%ld", at.left, at.top);
            CHECK_HR(p.page->Show(SW_HIDE), S_OK);
            CHECK(!IsWindowVisible(p.dialog), "hidden");
            CHECK_HR(p.page->Show(SW_SHOWNORMAL), S_OK);
            p.pump(50);
            HWND was = p.dialog;
            p.deactivate();
            CHECK(!IsWindow(was), "gone");
        }
        p.frame = newFrame(p.size);
        p.activate();
        DestroyWindow(p.frame); // a frame that forgets to deactivate
        p.pump(50);
        CHECK_HR_OF(p.page->Deactivate(), S_OK, E_UNEXPECTED);
        p.dialog = nullptr;
        p.frame = commonFrame();
        p.activate();
        CHECK(p.text(L"Output packet size") == L"1450", "and it works again");
    }
    CHECK_EQ(windowsOfThread(), windows);
}

static void dirty()
{
    Apartment apartment;
    PageRig p;
    p.pump(1300); // the clock has ticked
    CHECK_HR(p.page->IsPageDirty(), S_FALSE);
    CHECK_EQ(p.site.changes, 0);
    p.type(L"Output packet size", L"1000");
    CHECK_HR(p.page->IsPageDirty(), S_OK);
    CHECK(p.site.changes > 0 && p.site.last & PROPPAGESTATUS_DIRTY, "the site was told");
    CHECK_HR(p.page->Apply(), S_OK);
    CHECK_HR(p.page->IsPageDirty(), S_FALSE);
    int told = p.site.changes;
    p.click(L"Live Mode");
    CHECK_HR(p.page->IsPageDirty(), S_OK);
    CHECK_BETWEEN(p.site.changes, told + 1, told + 3);
    p.deactivate();
    CHECK_HR(p.page->Apply(), S_OK); // a frame may have closed the tab's window
    CHECK_HR(p.page->IsPageDirty(), S_FALSE);
    p.activate();
    CHECK(p.checked(L"Live Mode") && p.text(L"Output packet size") == L"1000", "what was applied is shown again");
}

static void keys()
{
    Apartment apartment;
    IPropertyPage *page = newPage();
    MSG m = {};
    CHECK_HR_OF(page->Help(L""), E_NOTIMPL);
    CHECK_HR_OF(page->TranslateAccelerator(&m), E_NOTIMPL, S_FALSE);
    CHECK_HR_OF(page->TranslateAccelerator(nullptr), E_NOTIMPL, E_POINTER);
    CHECK_EQ(page->Release(), 0);
    PageRig p;
    m.hwnd = p.find(L"RTMP url");
    m.message = WM_MOUSEMOVE;
    CHECK_HR_OF(p.page->TranslateAccelerator(&m), E_NOTIMPL, S_FALSE);
}

static void ends()
{
    Apartment apartment;
    int windows = windowsOfThread();
    IBaseFilter *filter = newFilter();
    {
        PageRig p(filter);
        p.type(L"First Timecode", L"noon");
        CHECK(FAILED(p.page->Apply()), "a message stands at a field");
        p.pump(50);
    }
    CHECK_EQ(references(filter), 1);
    CHECK_EQ(windowsOfThread(), windows);
    IPropertyPage *page = newPage();
    IUnknown *object = filter;
    RECT r = { 0, 0, 300, 300 };
    HWND frame = commonFrame();
    CHECK_HR(page->SetObjects(1, &object), S_OK);
    CHECK_HR(page->Activate(frame, &r, FALSE), S_OK);
    CHECK_EQ(page->Release(), 0); // by a frame in a hurry
    CHECK(!GetWindow(frame, GW_CHILD), "no window is left");
    CHECK_EQ(filter->Release(), 0);
    CHECK_EQ(windowsOfThread(), windows);
}

int main(int argc, char **argv)
{
    const std::string last = argc > 1 ? argv[argc - 1] : "";
    static const Section pictures[] = { { 1, "frame", inFrame }, { 2, "shot", shot }, { 3, "wrong", wrong } };
    for (auto &p : pictures)
        if (last == p.text)
            return runSections("page", &p, 1, argc - 1, argv);
    static const Section all[] = {
        { 111, "GetPages", pages },
        { 112, "GetPageInfo", info },
        { 113, "out of order", order },
        { 114, "SetObjects", objects },
        { 115, "SetPageSite", sites },
        { 116, "the window", window },
        { 117, "dirty and applied", dirty },
        { 118, "Help, TranslateAccelerator", keys },
        { 119, "the end", ends },
        { 7, "the options are shown", shows },
        { 7, "Apply", applies },
        { 7, "wrong values", refuses },
        { 7, "the password", secret },
        { 7, "the Tab key", tabs },
        { 7, "Connect and Disconnect", connects },
        { 7, "no server", fails },
        { 7, "a server that says nothing", unanswered },
    };
    return runSections("page", all, std::size(all), argc, argv);
}
