/* Makes the registered filter, two at once, lets go of them and of the DLL, and
 * does it all again. Prints "made" for each filter. */
#define COBJMACROS
#define NO_DSHOW_STRSAFE
#include <initguid.h>
#include <dshow.h>
#include <stdio.h>

DEFINE_GUID(CLSID_Writer, 0xb4fb59c5, 0x983b, 0x4d96, 0x92, 0x04, 0xf8, 0xb0, 0xe4, 0x67, 0x04, 0xee);

static IBaseFilter *make(void)
{
	IBaseFilter *filter = NULL;
	HRESULT hr = CoCreateInstance(&CLSID_Writer, NULL, CLSCTX_INPROC_SERVER, &IID_IBaseFilter, (void **)&filter);

	if (FAILED(hr)) {
		printf("CoCreateInstance: %08lx\n", (unsigned long)hr);
		exit(1);
	}
	puts("made");
	return filter;
}

int main(int argc, char **argv)
{
	for (int round = 0; round < 2; round++) {
		HMODULE module = LoadLibraryA(argc > 1 ? argv[1] : "");

		if (!module) {
			printf("LoadLibrary: %lu\n", GetLastError());
			return 2;
		}
		CoInitializeEx(NULL, COINIT_MULTITHREADED);
		IBaseFilter *one = make(), *other = make();

		if (IBaseFilter_Release(one) != 0 || IBaseFilter_Release(other) != 0)
			return 3;
		CoFreeUnusedLibraries();
		FreeLibrary(module);
		CoUninitialize();
	}
	return 0;
}
