-- An access token of ES256, verified by OpenSSL and remembered in each worker until it expires.
local ffi = require "ffi"
local lrucache = require "resty.lrucache"
local base64 = require "ngx.base64"

ffi.cdef [[
typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;
BIO *BIO_new_mem_buf(const void *buf, int len);
EVP_PKEY *PEM_read_bio_PUBKEY(BIO *bp, EVP_PKEY **x, void *cb, void *u);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *ctx);
const EVP_MD *EVP_sha256(void);
int EVP_DigestVerifyInit(EVP_MD_CTX *ctx, void **pctx, const EVP_MD *type, void *e, EVP_PKEY *pkey);
int EVP_DigestVerify(EVP_MD_CTX *ctx, const unsigned char *sig, size_t siglen, const unsigned char *tbs, size_t tbslen);
]]

local PEM = [[@PUBLIC_KEY@]]
local key = ffi.C.PEM_read_bio_PUBKEY(ffi.C.BIO_new_mem_buf(PEM, #PEM), nil, nil, nil)
local good = lrucache.new(20000)

local function integer(bytes)
  local plain = bytes:gsub("^%z+", "")
  if plain:byte(1) >= 128 then
    plain = "\0" .. plain
  end
  return "\2" .. string.char(#plain) .. plain
end

local function verified(signed, signature)
  if not signature or #signature ~= 64 then
    return false
  end
  local both = integer(signature:sub(1, 32)) .. integer(signature:sub(33))
  local der = "\48" .. string.char(#both) .. both
  local context = ffi.C.EVP_MD_CTX_new()
  local result = ffi.C.EVP_DigestVerifyInit(context, nil, ffi.C.EVP_sha256(), nil, key) == 1
    and ffi.C.EVP_DigestVerify(context, der, #der, signed, #signed) == 1
  ffi.C.EVP_MD_CTX_free(context)
  return result
end

local function expiry(token)
  local signed, signature = token:match("^([%w_-]+%.[%w_-]+)%.([%w_-]+)$")
  if not signed or not verified(signed, base64.decode_base64url(signature)) then
    return nil
  end
  local payload = base64.decode_base64url(signed:match("%.(.+)$"))
  -- nimbus writes JSON without spaces, and / as \/
  payload = payload:gsub("\\/", "/")
  if not payload:find('"iss":"@ISSUER@"', 1, true) or not payload:find('"aud":"@AUDIENCE@"', 1, true) then
    return nil
  end
  return tonumber(payload:match('"exp":(%d+)'))
end

local M = {}

function M.check()
  local token = (ngx.var.http_authorization or ""):match("^Bearer (.+)$")
  if not token then
    return ngx.exit(401)
  end
  local expires = good:get(token)
  if not expires then
    expires = expiry(token)
    if expires and expires > ngx.time() then
      good:set(token, expires, expires - ngx.time())
    end
  end
  if not expires or expires <= ngx.time() then
    return ngx.exit(401)
  end
end

return M
