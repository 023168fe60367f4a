//go:build windows && cgo

// IPropertyPage: a frame's calls, in the order that Microsoft's base classes allow
// (cprop.cpp). What the page shows and does is Go's: package proppage.
#include "page_windows.h"

#define PAGE(t) CONTAINER(t, Page, page)

void pageStatus(Page *p, int32_t dirty)
{
    if (p->site)
        IPropertyPageSite_OnStatusChange(p->site, dirty ? PROPPAGESTATUS_DIRTY : PROPPAGESTATUS_CLEAN);
}

static HRESULT STDMETHODCALLTYPE page_qi(IPropertyPage *t, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!iid)
        return E_POINTER;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IPropertyPage))
        return E_NOINTERFACE;
    *out = t;
    IPropertyPage_AddRef(t);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE page_addref(IPropertyPage *t) { return InterlockedIncrement(&PAGE(t)->ref); }

static void letGo(Page *p)
{
    Filter *f = p->filter;
    p->filter = NULL;
    goPageObject(p->h, 0);
    if (f)
        filterRelease(f);
}

static void destroy(Page *p)
{
    p->ref = 1 << 20; // what the end calls may add references and give them back
    windowDestroy(p);
    letGo(p);
    if (p->site)
        IPropertyPageSite_Release(p->site);
    goPageFree(p->h);
    free(p);
    InterlockedDecrement(&g_objects);
}

static ULONG STDMETHODCALLTYPE page_release(IPropertyPage *t)
{
    LONG left = InterlockedDecrement(&PAGE(t)->ref);
    if (left == 0)
        destroy(PAGE(t));
    return left;
}

static HRESULT STDMETHODCALLTYPE page_site(IPropertyPage *t, IPropertyPageSite *site)
{
    Page *p = PAGE(t);
    IPropertyPageSite *old = p->site;
    if (!site == !old)
        return E_UNEXPECTED;
    if (site)
        IPropertyPageSite_AddRef(site);
    p->site = site;
    if (old)
        IPropertyPageSite_Release(old);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE page_objects(IPropertyPage *t, ULONG n, IUnknown **objects)
{
    Page *p = PAGE(t);
    Filter *f;
    HRESULT hr;
    if (n == 0) {
        letGo(p);
        return S_OK;
    }
    if (n > 1)
        return E_UNEXPECTED;
    if (!objects || !objects[0])
        return E_POINTER;
    hr = filterFromUnknown(objects[0], &f);
    letGo(p);
    if (FAILED(hr))
        return hr;
    p->filter = f;
    return goPageObject(p->h, f->h);
}

static HRESULT STDMETHODCALLTYPE page_move(IPropertyPage *t, LPCRECT r)
{
    Page *p = PAGE(t);
    if (!p->active)
        return E_UNEXPECTED;
    if (!r)
        return E_POINTER;
    return MoveWindow(p->dialog, r->left, r->top, r->right - r->left, r->bottom - r->top, TRUE) ? S_OK : E_FAIL;
}

static HRESULT STDMETHODCALLTYPE page_activate(IPropertyPage *t, HWND parent, LPCRECT r, BOOL modal)
{
    Page *p = PAGE(t);
    HRESULT hr;
    if (!r)
        return E_POINTER;
    if (!p->filter || p->active)
        return E_UNEXPECTED;
    p->dialog = windowCreate(p, parent);
    if (!p->dialog)
        return IsWindow(parent) ? E_OUTOFMEMORY : E_INVALIDARG;
    p->active = TRUE;
    hr = goPageOpen(p->h);
    if (SUCCEEDED(hr))
        hr = page_move(t, r);
    if (FAILED(hr))
        windowDestroy(p);
    return hr;
}

static HRESULT STDMETHODCALLTYPE page_deactivate(IPropertyPage *t)
{
    if (!PAGE(t)->active)
        return E_UNEXPECTED;
    windowDestroy(PAGE(t));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE page_show(IPropertyPage *t, UINT how)
{
    if (!PAGE(t)->active)
        return E_UNEXPECTED;
    if (how != SW_SHOW && how != SW_SHOWNORMAL && how != SW_HIDE)
        return E_INVALIDARG;
    ShowWindow(PAGE(t)->dialog, how);
    return S_OK;
}

// A frame may ask before everything else. It wants pixels, which a real dialog
// alone knows: a hidden one is made for that.
static HRESULT STDMETHODCALLTYPE page_info(IPropertyPage *t, PROPPAGEINFO *info)
{
    RECT r;
    HWND measure;
    if (!info)
        return E_POINTER;
    memset(info, 0, sizeof *info);
    info->cb = sizeof *info;
    measure = windowCreate(NULL, GetDesktopWindow());
    if (!measure)
        return E_OUTOFMEMORY;
    GetWindowRect(measure, &r);
    DestroyWindow(measure);
    info->size.cx = r.right - r.left;
    info->size.cy = r.bottom - r.top;
    return takeText(goPageTitle(), &info->pszTitle);
}

static HRESULT STDMETHODCALLTYPE page_dirty(IPropertyPage *t) { return goPageDirty(PAGE(t)->h); }

static HRESULT STDMETHODCALLTYPE page_apply(IPropertyPage *t)
{
    return PAGE(t)->filter ? goPageApply(PAGE(t)->h) : E_UNEXPECTED;
}

static HRESULT STDMETHODCALLTYPE page_help(IPropertyPage *t, LPCOLESTR folder) { return E_NOTIMPL; }

// The dialog's keys: Tab, arrows and mnemonics. Where the frame is a dialog itself,
// Windows takes both for one (DS_CONTROL), its buttons among them.
static HRESULT STDMETHODCALLTYPE page_keys(IPropertyPage *t, MSG *m)
{
    if (!m)
        return E_POINTER;
    if (m->message < WM_KEYFIRST || m->message > WM_KEYLAST)
        return S_FALSE;
    return IsDialogMessageW(PAGE(t)->dialog, m) ? S_OK : S_FALSE;
}

static IPropertyPageVtbl pageVtbl = {
    page_qi,       page_addref, page_release, page_site,  page_activate, page_deactivate, page_info,
    page_objects,  page_show,   page_move,    page_dirty, page_apply,    page_help,       page_keys,
};

HRESULT pageCreate(REFIID iid, void **out)
{
    HRESULT hr;
    Page *p = calloc(1, sizeof *p);
    if (!p)
        return E_OUTOFMEMORY;
    p->page.lpVtbl = &pageVtbl;
    p->ref = 1;
    InterlockedIncrement(&g_objects);
    p->h = goPageNew(p);
    hr = p->h ? page_qi(&p->page, iid, out) : E_UNEXPECTED;
    page_release(&p->page);
    return hr;
}
