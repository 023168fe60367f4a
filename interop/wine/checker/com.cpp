// com.cpp: the filter as a COM class: creation, factory, module (items 1–5, 8, 9 and
// 11), and the program com.exe.
#include "com.h"

const IID foreignIID = { 0x8d2c5f0a, 0x0b1e, 0x4f62, { 0x9d, 0x10, 0x3b, 0x5a, 0x77, 0xc1, 0x20, 0xee } };

template <class Function> static void find(HMODULE module, const char *name, Function *out)
{
    FARPROC found = GetProcAddress(module, name);
    memcpy(out, &found, sizeof found);
}

const Dll &dll()
{
    static const Dll loaded = [] {
        Dll d;
        std::wstring path = wide(checkRun.ax);
        if (path.empty())
            path = registryText(L"CLSID\\" + guidText(clsidRenderer) + L"\\InprocServer32", nullptr);
        d.module = LoadLibraryW(path.empty() ? L"nRtmpRenderer.ax" : path.c_str());
        WCHAR name[MAX_PATH] = L"";
        GetModuleFileNameW(d.module, name, MAX_PATH);
        d.path = name;
        if (!d.module)
            say("the filter %s can't be loaded: error %lu", narrow(path.c_str()).c_str(), GetLastError());
        find(d.module, "DllGetClassObject", &d.getClassObject);
        find(d.module, "DllCanUnloadNow", &d.canUnloadNow);
        find(d.module, "DllRegisterServer", &d.registerServer);
        find(d.module, "DllUnregisterServer", &d.unregisterServer);
        return d;
    }();
    return loaded;
}

void creates()
{
    const Known wanted[] = { { "IUnknown", &IID_IUnknown }, { "IPersist", &IID_IPersist }, { "IMediaFilter", &IID_IMediaFilter }, { "IBaseFilter", &IID_IBaseFilter } };
    for (const Known &k : wanted) {
        IUnknown *made = nullptr;
        HRESULT hr = CoCreateInstance(clsidRenderer, nullptr, CLSCTX_INPROC_SERVER, *k.iid, (void **)&made);
        CHECK(hr == S_OK && made, "CoCreateInstance for %s: %s", k.name, hrName(hr).c_str());
        if (made)
            CHECK_EQ(made->Release(), 0);
    }
}

// refuses asks an object for an interface that it has not.
static void refuses(const char *name, IUnknown *object, const char *interfaceName, const IID &iid)
{
    ULONG before = references(object);
    void *out = (void *)1;
    HRESULT hr = object->QueryInterface(iid, &out);
    CHECK(hr == E_NOINTERFACE && !out, "%s refuses %s: %s, out %p", name, interfaceName, hrName(hr).c_str(), out);
    CHECK_EQ(references(object), before);
}

void lacksInterface()
{
    Objects objects;
    for (auto &o : objects.all) {
        refuses(o.name, o.object, "a foreign interface", foreignIID);
        refuses(o.name, o.object, "IVideoWindow", IID_IVideoWindow);
    }
    IUnknown *out = (IUnknown *)1;
    CHECK_HR(CoCreateInstance(clsidRenderer, nullptr, CLSCTX_INPROC_SERVER, foreignIID, (void **)&out), E_NOINTERFACE);
    CHECK(!out, "CoCreateInstance leaves NULL");
}

void exports()
{
    CHECK(dll().getClassObject, "DllGetClassObject is exported");
    CHECK(dll().canUnloadNow, "DllCanUnloadNow is exported");
    CHECK(dll().registerServer, "DllRegisterServer is exported");
    CHECK(dll().unregisterServer, "DllUnregisterServer is exported");
    auto base = (BYTE *)dll().module;
    auto headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    auto directory = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    auto table = (IMAGE_EXPORT_DIRECTORY *)(base + directory.VirtualAddress);
    auto names = (DWORD *)(base + table->AddressOfNames);
    for (DWORD i = 0; i < table->NumberOfNames; i++) {
        auto name = (const char *)(base + names[i]);
        CHECK(!strchr(name, '@') && name[0] != '_', "the export %s is undecorated", name);
    }
}

// refusesClass asks DllGetClassObject for what it has not.
static void refusesClass(const char *what, const CLSID &clsid, const IID &iid, HRESULT want)
{
    void *out = (void *)1;
    HRESULT hr = dll().getClassObject(clsid, iid, &out);
    CHECK(hr == want && !out, "DllGetClassObject of %s: %s, out %p", what, hrName(hr).c_str(), out);
}

void classObject()
{
    refusesClass("a foreign class", foreignIID, IID_IClassFactory, CLASS_E_CLASSNOTAVAILABLE);
    refusesClass("a foreign class, for IUnknown", foreignIID, IID_IUnknown, CLASS_E_CLASSNOTAVAILABLE);
    refusesClass("the filter for IBaseFilter", clsidRenderer, IID_IBaseFilter, E_NOINTERFACE);
    refusesClass("the filter for a foreign interface", clsidRenderer, foreignIID, E_NOINTERFACE);
    refusesClass("the page for IPropertyPage", clsidPage, IID_IPropertyPage, E_NOINTERFACE);
    for (const CLSID *clsid : { &clsidRenderer, &clsidPage }) {
        IUnknown *out = nullptr;
        CHECK_HR(dll().getClassObject(*clsid, IID_IUnknown, (void **)&out), S_OK);
        out->Release();
        CHECK_HR(dll().getClassObject(*clsid, IID_IClassFactory, (void **)&out), S_OK);
        out->Release();
    }
    CHECK_SAFE(dll().getClassObject(clsidRenderer, IID_IClassFactory, nullptr));
    CHECK_SAFE(dll().getClassObject(clsidPage, IID_IUnknown, nullptr));
}

static void checkFactory(const char *name, const CLSID &clsid)
{
    IClassFactory *factory = nullptr;
    if (!CHECK(dll().getClassObject(clsid, IID_IClassFactory, (void **)&factory) == S_OK, "factory of %s", name))
        return;
    for (const Known &k : knownInterfaces)
        if (*k.iid != IID_IUnknown && *k.iid != IID_IClassFactory)
            refuses("the factory", factory, k.name, *k.iid);
    IUnknown *one = nullptr, *two = nullptr, *again = nullptr;
    CHECK_HR(factory->QueryInterface(IID_IUnknown, (void **)&again), S_OK);
    again->Release();
    CHECK_HR(factory->CreateInstance(nullptr, IID_IUnknown, (void **)&one), S_OK);
    CHECK_HR(factory->CreateInstance(nullptr, IID_IUnknown, (void **)&two), S_OK);
    CHECK(one && two && one != two, "each CreateInstance gives a new %s", name);
    if (one)
        CHECK_EQ(one->Release(), 0);
    if (two)
        CHECK_EQ(two->Release(), 0);
    void *out = (void *)1;
    CHECK_HR(factory->CreateInstance(nullptr, foreignIID, &out), E_NOINTERFACE);
    CHECK(!out, "CreateInstance leaves NULL");
    CHECK_SAFE(factory->CreateInstance(nullptr, IID_IUnknown, nullptr));
    CHECK_HR(factory->LockServer(TRUE), S_OK);
    CHECK_HR(factory->LockServer(FALSE), S_OK);
    factory->Release();
}

void classFactory()
{
    checkFactory("filter", clsidRenderer);
    checkFactory("page", clsidPage);
}

void staysLoaded()
{
    Objects objects;
    objects.filter = nullptr;
    while (!objects.all.empty()) {
        auto last = objects.all.back();
        CHECK(dll().canUnloadNow() == S_FALSE, "DllCanUnloadNow while a %s lives", last.name);
        last.object->Release();
        objects.all.pop_back();
    }
    IClassFactory *factory = nullptr;
    dll().getClassObject(clsidRenderer, IID_IClassFactory, (void **)&factory);
    factory->LockServer(TRUE);
    CHECK(dll().canUnloadNow() == S_FALSE, "DllCanUnloadNow while the factory is locked");
    factory->LockServer(FALSE);
    factory->Release();
    CHECK_HR(dll().canUnloadNow(), S_FALSE); // it holds a Go runtime, whose threads can't be unloaded
}

void createsAgain()
{
    for (int i = 0; i < 3; i++) {
        newFilter()->Release();
        CoFreeUnusedLibraries();
        Sleep(50);
        CoFreeUnusedLibrariesEx(0, 0);
        IBaseFilter *again = newFilter();
        CHECK_EQ(stateOf(again), State_Stopped);
        CHECK_EQ(again->Release(), 0);
    }
}

void pageClass()
{
    IPropertyPage *page = nullptr;
    CHECK_HR(CoCreateInstance(clsidPage, nullptr, CLSCTX_INPROC_SERVER, IID_IPropertyPage, (void **)&page), S_OK);
    refuses("the page", page, "IBaseFilter", IID_IBaseFilter);
    CHECK_EQ(page->Release(), 0);
    IBaseFilter *filter = newFilter();
    refuses("the filter", filter, "IPropertyPage", IID_IPropertyPage);
    filter->Release();
}

// One unit, since each part reads the same large headers.
#include "aggregate.cpp"
#include "identity.cpp"
#include "lifetime.cpp"
#include "registration.cpp"

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 1, "creation", creates },
        { 2, "an interface that is lacking", lacksInterface },
        { 3, "exports", exports },
        { 4, "DllGetClassObject", classObject },
        { 5, "class factory", classFactory },
        { 6, "outer object, another interface than IUnknown", aggregatesWrongly },
        { 7, "aggregation", aggregates },
        { 8, "DllCanUnloadNow", staysLoaded },
        { 9, "CoFreeUnusedLibraries", createsAgain },
        { 10, "create and release", leavesNothing },
        { 11, "the page's class", pageClass },
        { 12, "QueryInterface is an equivalence", equivalence },
        { 13, "each pin is an object", pinsAreObjects },
        { 14, "IPin and IMemInputPin", pinInterfaces },
        { 15, "a pin keeps the filter", pinKeepsFilter },
        { 16, "IUnknown from many threads", manyThreads },
        { 17, "QueryInterface without an out pointer", nullOutPointers },
        { 101, "released in any order", anyOrder },
        { 120, "registration", registered },
        { 121, "filter category", inCategory },
        { 122, "EnumMatchingFilters", matching },
        { 123, "unregistration", unregisters },
    };
    return runSections("com", all, std::size(all), argc, argv);
}
