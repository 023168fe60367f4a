// settings.cpp: see settings.h.
#include "settings.h"
#include <wincrypt.h>

const Setting settings[57] = {
    { L"url", L"rtmp://me:pa55word@127.0.0.1/live" }, { L"url-delimiter", L"#" }, { L"stream-key", L"s3cret-key" },
    { L"backup-urls", L"rtmp://127.0.0.1/a#s3cret-key rtmp://127.0.0.2/a#s3cret-key" }, { L"backup-return", L"on" }, { L"auth", L"limelight" },
    { L"username", L"J\u00fcrgen \U0001f600" }, { L"password", L"pa55word = %" }, { L"output-buffer-size", L"0" }, { L"output-packet-size", L"0" },
    { L"socket-buffer-size", L"1" }, { L"chunk-size", L"4096" }, { L"tcp-no-delay", L"on" }, { L"live-mode", L"on" }, { L"buffer-overflow-mode", L"drop" },
    { L"allow-b-frames", L"off" }, { L"write-timecode", L"on" }, { L"first-timecode", L"01:00:00:00" }, { L"embed-system-time", L"on" },
    { L"timecode-interval", L"2000" }, { L"reconnect-attempts", L"3" }, { L"reconnect-interval", L"100" }, { L"reconnect-max-interval", L"1000" },
    { L"reconnect-unlimited", L"on" }, { L"reconnect-on-start", L"on" }, { L"reconnect-restart-time", L"on" }, { L"publish-mode", L"append" },
    { L"connect-timeout", L"1" }, { L"send-timeout", L"3600000" }, { L"receive-timeout", L"7" }, { L"peer-timeout", L"2000" },
    { L"client-agent", L" a=b;\r\n100 %" }, { L"connect-info", L"{\"a\":\"s3cret-key\"}" }, { L"handshake", L"digest" }, { L"fallback-ports", L"on" },
    { L"fallback-tunnel", L"on" }, { L"proxy", L"socks5://a:pa55word@127.0.0.1:1080" }, { L"bind", L"127.0.0.1" }, { L"tls-ca-file", L"C:\\Program Files\\a.pem" },
    { L"tls-cert-file", L"b.pem" }, { L"tls-key-file", L"c.pem" }, { L"tls-server-name", L"example.com" }, { L"tls-min-version", L"1.3" }, { L"tls-verify", L"off" },
    { L"log-file", L"x.log" }, { L"trace", L"9" }, { L"latency-cap", L"500" }, { L"outage-buffer", L"30000" }, { L"outage-mode", L"live" },
    { L"outage-memory", L"2000000" }, { L"outage-spool", L"C:\\windows" }, { L"outage-spool-size", L"16" }, { L"catch-up-rate", L"150" },
    { L"handover", L"off" }, { L"bitrate-advice", L"on" }, { L"bitrate-floor", L"1" }, { L"bitrate-ceiling", L"2147483647" },
};

HRESULT MemoryStream::Read(void *to, ULONG n, ULONG *got)
{
    if (FAILED(failure))
        return failure;
    ULONG left = ULONG(std::min<size_t>(data.size() - at, std::min(n, most)));
    memcpy(to, data.data() + at, left);
    at += left;
    if (got)
        *got = lies ? n + 1 : left;
    return left == n ? S_OK : S_FALSE;
}

HRESULT MemoryStream::Write(const void *from, ULONG n, ULONG *put)
{
    if (FAILED(failure))
        return failure;
    n = std::min(n, most);
    data.insert(data.end(), (const BYTE *)from, (const BYTE *)from + n);
    if (put)
        *put = n;
    return S_OK;
}

HRESULT Bag::Read(LPCOLESTR name, VARIANT *value, IErrorLog *)
{
    auto found = values.find(name);
    return found == values.end() ? E_INVALIDARG : VariantCopy(value, &found->second);
}

HRESULT Bag::Write(LPCOLESTR name, VARIANT *value)
{
    return VariantCopy(&values[name], value);
}

void Bag::put(const WCHAR *name, const WCHAR *text)
{
    VARIANT value;
    V_VT(&value) = VT_BSTR;
    V_BSTR(&value) = SysAllocString(text);
    values[name] = value;
}

void Bag::put(const WCHAR *name, VARTYPE type, LONG number)
{
    VARIANT value = {};
    V_VT(&value) = type;
    if (type == VT_BOOL)
        V_BOOL(&value) = VARIANT_BOOL(number);
    else
        V_I4(&value) = number;
    values[name] = value;
}

Texts Bag::texts()
{
    Texts all;
    for (auto &v : values)
        all[v.first] = V_VT(&v.second) == VT_BSTR && V_BSTR(&v.second) ? V_BSTR(&v.second) : L"";
    return all;
}

Filter::Filter()
{
    QUIET(filter->QueryInterface(IID_IRTMPOptions, (void **)&options) == S_OK && stream && bag, "the filter has its interfaces");
}

Filter::~Filter()
{
    options->Release();
    stream->Release();
    bag->Release();
    QUIET(filter->Release() == 0, "the filter's last Release");
}

std::wstring Filter::get(const WCHAR *name)
{
    LPWSTR text = nullptr;
    if (!QUIET(options->GetOption(name, &text) == S_OK && text, "GetOption(%s)", narrow(name).c_str()))
        return L"";
    std::wstring copy = text;
    CoTaskMemFree(text);
    return copy;
}

void Filter::setAll()
{
    for (const Setting &s : settings)
        QUIET(set(s.name, s.value) == S_OK, "SetOption(%s)", narrow(s.name).c_str());
}

Texts Filter::everything()
{
    Bag all;
    QUIET(bag->Save(&all, FALSE, TRUE) == S_OK, "IPersistPropertyBag::Save");
    Texts texts = all.texts();
    for (auto &t : texts)
        t.second = shown(t.second);
    return texts;
}

Bytes Filter::saved()
{
    MemoryStream s;
    QUIET(stream->Save(&s, FALSE) == S_OK, "IPersistStream::Save");
    return s.data;
}

HRESULT Filter::load(const Bytes &data)
{
    MemoryStream s;
    s.data = data;
    return stream->Load(&s);
}

static bool contains(const Bytes &data, const std::string &part)
{
    return std::search(data.begin(), data.end(), part.begin(), part.end()) != data.end();
}

static std::string base64(const std::string &bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (size_t i = 0; i + 3 <= bytes.size(); i += 3) { // what is whole; the rest depends on what follows
        unsigned n = BYTE(bytes[i]) << 16 | BYTE(bytes[i + 1]) << 8 | BYTE(bytes[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6)
            text += digits[n >> shift & 63];
    }
    return text;
}

bool holds(const Bytes &data, const std::string &secret)
{
    std::string wideSecret;
    for (char c : secret)
        wideSecret += std::string(1, c) + '\0';
    for (const std::string &s : { secret, wideSecret }) {
        if (contains(data, s))
            return true;
        for (int skip = 0; skip < 3; skip++) {
            std::string encoded = base64(s.substr(skip)), wideEncoded;
            for (char c : encoded)
                wideEncoded += std::string(1, c) + '\0';
            if (contains(data, encoded) || contains(data, wideEncoded))
                return true;
        }
    }
    return false;
}

std::wstring shown(const std::wstring &text)
{
    const std::wstring mark = L"protected:";
    if (text.compare(0, mark.size(), mark))
        return text;
    typedef BOOL(WINAPI * Decode)(LPCWSTR, DWORD, DWORD, BYTE *, DWORD *, DWORD *, DWORD *);
    typedef BOOL(WINAPI * Unprotect)(DATA_BLOB *, LPWSTR *, DATA_BLOB *, void *, CRYPTPROTECT_PROMPTSTRUCT *, DWORD, DATA_BLOB *);
    HMODULE crypt = LoadLibraryA("crypt32.dll");
    auto decode = (Decode)(void *)GetProcAddress(crypt, "CryptStringToBinaryW");
    auto unprotect = (Unprotect)(void *)GetProcAddress(crypt, "CryptUnprotectData");
    DWORD size = DWORD(text.size());
    Bytes hidden(size);
    DATA_BLOB in = {}, out = {};
    if (!decode(text.c_str() + mark.size(), 0, CRYPT_STRING_BASE64, hidden.data(), &size, nullptr, nullptr))
        return L"(not base64)";
    in.cbData = size;
    in.pbData = hidden.data();
    if (!unprotect(&in, nullptr, nullptr, nullptr, nullptr, CRYPTPROTECT_UI_FORBIDDEN, &out))
        return L"(not protected)";
    WCHAR buffer[1000];
    int n = MultiByteToWideChar(CP_UTF8, 0, (char *)out.pbData, int(out.cbData), buffer, 1000);
    LocalFree(out.pbData);
    return std::wstring(buffer, n);
}
