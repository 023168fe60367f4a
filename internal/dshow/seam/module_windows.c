//go:build windows && cgo

// The DLL: pinned for good, its class factories, and the two entry points that
// COM calls. Registration stands in register_windows.c.
#include "com.h"

LONG g_objects;
HINSTANCE g_module;
static LONG locks;

// A Go runtime can't be unloaded, since its threads would run in memory that is
// gone; and it starts when the DLL is loaded, before any entry point. So the
// module stays from the first moment on.
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    HMODULE pinned;
    if (reason == DLL_PROCESS_ATTACH) {
        g_module = instance;
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)instance, &pinned);
    }
    return TRUE;
}

typedef struct {
    IClassFactory factory;
    HRESULT (*create)(REFIID iid, void **out);
} Factory;

static HRESULT STDMETHODCALLTYPE factory_qi(IClassFactory *t, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!iid)
        return E_POINTER;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = t;
    return S_OK;
}

// The factories are static and live as long as the module.
static ULONG STDMETHODCALLTYPE factory_addref(IClassFactory *t) { return 2; }
static ULONG STDMETHODCALLTYPE factory_release(IClassFactory *t) { return 1; }

static HRESULT STDMETHODCALLTYPE factory_create(IClassFactory *t, IUnknown *outer, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!iid)
        return E_POINTER;
    if (outer)
        return CLASS_E_NOAGGREGATION;
    return ((Factory *)t)->create(iid, out);
}

static HRESULT STDMETHODCALLTYPE factory_lock(IClassFactory *t, BOOL lock)
{
    if (lock)
        InterlockedIncrement(&locks);
    else
        InterlockedDecrement(&locks);
    return S_OK;
}

static IClassFactoryVtbl factoryVtbl = { factory_qi, factory_addref, factory_release, factory_create, factory_lock };
static Factory filters = { { &factoryVtbl }, filterCreate };
static Factory pages = { { &factoryVtbl }, pageCreate };

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!clsid || !iid)
        return E_POINTER;
    if (IsEqualGUID(clsid, &CLSID_NANO_RTMP_WRITER))
        return factory_qi(&filters.factory, iid, out);
    if (IsEqualGUID(clsid, &CLSID_NANO_RTMP_WRITER_PROPPAGE))
        return factory_qi(&pages.factory, iid, out);
    return CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow(void) { return S_FALSE; }
