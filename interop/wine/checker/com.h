// com.h: the parts of the program com.exe: classes (com.cpp), aggregation
// (aggregate.cpp), identities (identity.cpp), lifetimes (lifetime.cpp), registration
// (registration.cpp).
#pragma once
#include "resources.h"
#include "rig.h"

// Dll is the filter's module, loaded, with its four entry points.
struct Dll {
    HMODULE module = nullptr;
    std::wstring path; // as loaded
    HRESULT(STDAPICALLTYPE *getClassObject)(REFCLSID, REFIID, void **) = nullptr;
    HRESULT(STDAPICALLTYPE *canUnloadNow)() = nullptr;
    HRESULT(STDAPICALLTYPE *registerServer)() = nullptr;
    HRESULT(STDAPICALLTYPE *unregisterServer)() = nullptr;
};
const Dll &dll();

// registryText reads a text below HKEY_CLASSES_ROOT; empty for none.
std::wstring registryText(const std::wstring &key, const WCHAR *value);
bool registryHas(const std::wstring &key);
std::wstring guidText(const GUID &id);

// Known is an interface by its name.
struct Known {
    const char *name;
    const IID *iid;
};
extern const std::vector<Known> knownInterfaces;
extern const IID foreignIID; // nobody's

// Objects are one of everything that the filter hands out.
struct Objects {
    struct One {
        const char *name;
        IUnknown *object;
    };
    std::vector<One> all;
    IBaseFilter *filter = nullptr; // borrowed from all
    Objects();
    ~Objects() { release(); }
    void release();
    IUnknown *named(const char *name) const;
};

void creates(), lacksInterface(), exports(), classObject(), classFactory(), aggregatesWrongly(), aggregates(), staysLoaded(), createsAgain(), pageClass();
void equivalence(), pinsAreObjects(), pinInterfaces(), nullOutPointers(), manyThreads();
void pinKeepsFilter(), leavesNothing(), anyOrder();
void registered(), inCategory(), matching(), unregisters();
