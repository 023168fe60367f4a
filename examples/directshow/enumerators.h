// The two enumerators that a DirectShow filter owes its graph: of its pins, and
// of a pin's media types.
#pragma once

#include "pushsource.h"

// What both have in common: reference counting and the place. I is the
// interface, Self the class.
template <class I, class Self> class Enumerator : public I {
public:
    explicit Enumerator(ULONG at) : at_(at), references_(1) {}
    virtual ~Enumerator() {}

    STDMETHODIMP QueryInterface(REFIID iid, void **out)
    {
        if (!out)
            return E_POINTER;
        if (iid == IID_IUnknown || iid == Self::Id()) {
            *out = static_cast<I *>(this);
            AddRef();
            return S_OK;
        }
        *out = NULL;
        return E_NOINTERFACE;
    }
    STDMETHODIMP_(ULONG) AddRef() { return (ULONG)InterlockedIncrement(&references_); }
    STDMETHODIMP_(ULONG) Release()
    {
        LONG left = InterlockedDecrement(&references_);
        if (left == 0)
            delete this;
        return (ULONG)left;
    }
    STDMETHODIMP Reset()
    {
        at_ = 0;
        return S_OK;
    }

protected:
    ULONG at_;

private:
    volatile LONG references_;
};

class PinEnumerator : public Enumerator<IEnumPins, PinEnumerator> {
public:
    PinEnumerator(PushSource *filter, ULONG at) : Enumerator<IEnumPins, PinEnumerator>(at), filter_(filter) { filter_->AddRef(); }
    ~PinEnumerator() { filter_->Release(); }
    static REFIID Id() { return IID_IEnumPins; }

    STDMETHODIMP Next(ULONG wanted, IPin **pins, ULONG *got)
    {
        if (!pins)
            return E_POINTER;
        if (wanted > 1 && !got)
            return E_INVALIDARG;
        ULONG n = 0;
        for (PushPin *pin; n < wanted && (pin = filter_->PinAt(at_)) != NULL; n++, at_++) {
            pins[n] = pin;
            pin->AddRef();
        }
        if (got)
            *got = n;
        return n == wanted ? S_OK : S_FALSE;
    }
    STDMETHODIMP Skip(ULONG count)
    {
        for (; count > 0 && filter_->PinAt(at_); count--)
            at_++;
        return count == 0 ? S_OK : S_FALSE;
    }
    STDMETHODIMP Clone(IEnumPins **copy)
    {
        if (!copy)
            return E_POINTER;
        *copy = new PinEnumerator(filter_, at_);
        return S_OK;
    }

private:
    PushSource *filter_;
};

// A pin of this source has one media type.
class TypeEnumerator : public Enumerator<IEnumMediaTypes, TypeEnumerator> {
public:
    TypeEnumerator(IPin *pin, const MediaType *type, ULONG at) : Enumerator<IEnumMediaTypes, TypeEnumerator>(at), pin_(pin), type_(type)
    {
        pin_->AddRef();
    }
    ~TypeEnumerator() { pin_->Release(); }
    static REFIID Id() { return IID_IEnumMediaTypes; }

    STDMETHODIMP Next(ULONG wanted, AM_MEDIA_TYPE **types, ULONG *got)
    {
        if (!types)
            return E_POINTER;
        if (got)
            *got = 0;
        if (wanted == 0 || at_ > 0)
            return wanted == 0 ? S_OK : S_FALSE;
        AM_MEDIA_TYPE *copy = (AM_MEDIA_TYPE *)CoTaskMemAlloc(sizeof *copy);
        if (!copy)
            return E_OUTOFMEMORY;
        HRESULT hr = type_->CopyTo(copy);
        if (FAILED(hr)) {
            CoTaskMemFree(copy);
            return hr;
        }
        types[0] = copy;
        at_ = 1;
        if (got)
            *got = 1;
        return wanted == 1 ? S_OK : S_FALSE;
    }
    STDMETHODIMP Skip(ULONG count)
    {
        if (count > 1 - at_)
            return at_ = 1, S_FALSE;
        at_ += count;
        return S_OK;
    }
    STDMETHODIMP Clone(IEnumMediaTypes **copy)
    {
        if (!copy)
            return E_POINTER;
        *copy = new TypeEnumerator(pin_, type_, at_);
        return S_OK;
    }

private:
    IPin *pin_; // keeps the filter, and with it the type
    const MediaType *type_;
};
